import { useEffect, useRef, useState } from "preact/hooks";
import { say } from "./say";

const SHOWN = 2500;

/** A button that copies a person's join link; where the browser forbids that, the link to copy by hand. */
export function CopyLink({ name, link }: { name: string; link: string }) {
  const [outcome, setOutcome] = useState<"none" | "copied" | "by-hand">("none");
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (outcome === "by-hand") field.current?.select();
    if (outcome !== "copied") return undefined;
    const timer = setTimeout(() => setOutcome("none"), SHOWN);
    return () => clearTimeout(timer);
  }, [outcome]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(link);
      setOutcome("copied");
    } catch {
      setOutcome("by-hand"); // a page without https has no clipboard
    }
  }

  return (
    <>
      <button type="button" class="copy" onClick={() => void copy()}>
        <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
          <path d={outcome === "copied" ? "M5 12.5l4.5 4.5L19 7.5" : COPY} />
        </svg>
        {say(outcome === "copied" ? "copied" : "copy")}
        <span class="visually-hidden"> {say("copy.of", { name })}</span>
      </button>
      <span class="visually-hidden" role="status">
        {outcome === "copied" && say("copied.of", { name })}
      </span>
      {outcome === "by-hand" && (
        <input
          ref={field}
          class="by-hand"
          readOnly
          value={link}
          aria-label={say("copy.by-hand", { name })}
        />
      )}
    </>
  );
}

const COPY = "M9 9h10v11H9zM6 15H5V4h10v2";

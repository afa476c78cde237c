import { useEffect, useRef, useState } from "preact/hooks";
import { say } from "./say";

const SHOWN = 2500;

interface CopyProps {
  text: string;
  label: string;
  /** Which of several, for those who do not see where the button stands. */
  of: string;
  /** Said when it is copied. */
  done: string;
  /** Names the field from which it can be copied by hand. */
  byHand: string;
}

/** A button that copies a text; where the browser forbids that, the text to copy by hand. */
export function Copy({ text, label, of, done, byHand }: CopyProps) {
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
      await navigator.clipboard.writeText(text);
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
        {outcome === "copied" ? say("copied") : label}
        <span class="visually-hidden"> {of}</span>
      </button>
      <span class="visually-hidden" role="status">
        {outcome === "copied" && done}
      </span>
      {outcome === "by-hand" && (
        <input ref={field} class="by-hand" readOnly value={text} aria-label={byHand} />
      )}
    </>
  );
}

const COPY = "M9 9h10v11H9zM6 15H5V4h10v2";

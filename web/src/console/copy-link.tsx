import { Copy } from "./copy";
import { say } from "./say";

/** A button that copies a person's join link. */
export function CopyLink({ name, link }: { name: string; link: string }) {
  return (
    <Copy
      text={link}
      label={say("copy")}
      of={say("copy.of", { name })}
      done={say("copied.of", { name })}
      byHand={say("copy.by-hand", { name })}
    />
  );
}

import { useEffect, useState } from "preact/hooks";
import type { State } from "../core/state";
import { useCallPage } from "./context";

const SHOWN_MS = 8000;

/** While the chat is closed: what was just written, for a moment. It opens the chat. */
export function ChatToast({ state: { talk, view } }: { state: State }) {
  const { look, say } = useCallPage();
  const [over, setOver] = useState<string | null>(talk.lines.at(-1)?.id ?? null);
  const newest = talk.unread > 0 ? talk.lines.findLast(({ isOwn }) => !isOwn) : undefined;
  const isShown = newest !== undefined && newest.id !== over && view.panel !== "chat";
  useEffect(() => {
    if (newest === undefined) return;
    const timer = setTimeout(() => setOver(newest.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [newest?.id]);
  if (!isShown) return null;
  return (
    <button type="button" class="chat-toast" onClick={() => look.show("chat")}>
      <strong>{newest.name || say("guest")}</strong>
      <span>{newest.text}</span>
    </button>
  );
}

import { useEffect, useState } from "preact/hooks";
import type { InCall } from "../core/state";
import type { Talk } from "../core/talk";
import { useCallPage } from "./context";

const SHOWN_MS = 5000;

/** The newest reactions, for a moment. */
export function Reactions({ talk: { reactions }, stage }: { talk: Talk; stage: InCall }) {
  const { say } = useCallPage();
  const newest = reactions.at(-1)?.id ?? 0;
  const [over, setOver] = useState(newest);
  useEffect(() => {
    if (newest === 0) return;
    const timer = setTimeout(() => setOver(newest), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [newest]);
  const nameOf = (sessionId: string) => {
    if (sessionId === stage.you.session_id) return say("tile.you");
    return stage.others.find(({ session_id }) => session_id === sessionId)?.user_name || say("guest");
  };
  const shown = reactions.filter(({ id }) => id > over);
  return (
    <ul class="reactions" aria-label={say("react.shown")}>
      {shown.map(({ id, sessionId, reaction }) => (
        <li key={id}>
          <span class="reaction-sign">{reaction}</span> {nameOf(sessionId)}
        </li>
      ))}
    </ul>
  );
}

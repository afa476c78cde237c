import { useEffect, useState } from "preact/hooks";
import { Icon } from "../ui/icon";
import { CloseButton } from "./close-button";
import { useCallPage } from "./context";

/** Seconds before the end from which on it is told. */
const TOLD_SECONDS = 5 * 60;

interface TimeLeftProps {
  /** In unix seconds; null for no end. */
  endsAt: number | null;
  mayExtend: boolean;
  /** How many times the call was prolonged. */
  extensions: number;
}

/** Before the room or the invitation ends: how long it still is, and ten minutes more for the owner to give. */
export function TimeLeft({ endsAt, mayExtend, extensions }: TimeLeftProps) {
  const { call, say } = useCallPage();
  const [now, setNow] = useState(Date.now);
  const [isSeen, setSeen] = useState(false);
  const left = endsAt === null ? Number.POSITIVE_INFINITY : Math.ceil(endsAt - now / 1000);
  useEffect(() => {
    if (endsAt === null) return;
    const timer = setTimeout(() => setNow(Date.now()), nextLook(left));
    return () => clearTimeout(timer);
  }, [endsAt, left]);
  const isLastMinute = left < 60;
  useEffect(() => setSeen(false), [extensions]);
  if (left > TOLD_SECONDS && extensions > 0 && !isSeen) return <Extended onSeen={() => setSeen(true)} />;
  if (left > TOLD_SECONDS || left < 0 || (isSeen && !isLastMinute)) return null;
  const text = isLastMinute
    ? say("time-left.seconds", { count: left })
    : say("time-left.minutes", { count: Math.ceil(left / 60) });
  return (
    <div class="notice notice-warning notice-line">
      <Icon name="clock" />
      <p role={isLastMinute ? "timer" : "status"}>{text}</p>
      {mayExtend && (
        <button type="button" class="button button-quiet" onClick={() => call.extend()}>
          {say("time-left.more")}
        </button>
      )}
      {!isLastMinute && <CloseButton onClick={() => setSeen(true)} />}
    </div>
  );
}

function Extended({ onSeen }: { onSeen: () => void }) {
  const { say } = useCallPage();
  return (
    <div class="notice notice-line">
      <Icon name="clock" />
      <p>{say("time-left.extended")}</p>
      <CloseButton onClick={onSeen} />
    </div>
  );
}

/** Milliseconds until the words can change: each second at the very end, else once a while. */
function nextLook(left: number): number {
  if (left <= 61) return 1000;
  return Math.min((left % 60) * 1000 || 60_000, Math.max(1000, (left - TOLD_SECONDS) * 1000), 60_000);
}

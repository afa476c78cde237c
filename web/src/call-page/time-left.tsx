import { useEffect, useState } from "preact/hooks";
import { Icon } from "../ui/icon";
import { CloseButton } from "./close-button";
import { useCallPage } from "./context";

/** Seconds before the end from which on it is told. */
const TOLD_SECONDS = 5 * 60;

/** Before the room or the invitation ends: how long it still is. `endsAt` is in unix seconds; null for no end. */
export function TimeLeft({ endsAt }: { endsAt: number | null }) {
  const { say } = useCallPage();
  const [now, setNow] = useState(Date.now);
  const [isSeen, setSeen] = useState(false);
  const left = endsAt === null ? Number.POSITIVE_INFINITY : Math.ceil(endsAt - now / 1000);
  useEffect(() => {
    if (endsAt === null) return;
    const timer = setTimeout(() => setNow(Date.now()), nextLook(left));
    return () => clearTimeout(timer);
  }, [endsAt, left]);
  const isLastMinute = left < 60;
  if (left > TOLD_SECONDS || left < 0 || (isSeen && !isLastMinute)) return null;
  const text = isLastMinute
    ? say("time-left.seconds", { count: left })
    : say("time-left.minutes", { count: Math.ceil(left / 60) });
  return (
    <div class="notice notice-warning notice-line">
      <Icon name="clock" />
      <p role={isLastMinute ? "timer" : "status"}>{text}</p>
      {!isLastMinute && <CloseButton onClick={() => setSeen(true)} />}
    </div>
  );
}

/** Milliseconds until the words can change: each second at the very end, else once a while. */
function nextLook(left: number): number {
  if (left <= 61) return 1000;
  return Math.min((left % 60) * 1000 || 60_000, Math.max(1000, (left - TOLD_SECONDS) * 1000), 60_000);
}

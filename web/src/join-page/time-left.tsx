import { useEffect, useState } from "preact/hooks";
import { join } from "../ui/messages/en/join";
import { speaker } from "../ui/messages/say";
import { countdown, nextChange } from "./countdown";

const say = speaker(join);

/** The time left until `opensAt` (milliseconds of this device's clock), in words that keep up. */
export function TimeLeft({ opensAt }: { opensAt: number }) {
  const [now, setNow] = useState(Date.now);
  const left = opensAt - now;
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), nextChange(left));
    return () => clearTimeout(timer);
  }, [left]);
  const text =
    left > 0
      ? say("not-open-yet.countdown", { time: countdown(left, "en") })
      : say("not-open-yet.opening");
  return (
    <p class="countdown" role="timer">
      {text}
    </p>
  );
}

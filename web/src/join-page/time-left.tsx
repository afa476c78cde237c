import { useEffect, useState } from "preact/hooks";
import { useJoinPage } from "./context";
import { countdown, nextChange } from "./countdown";

/** The time left until `opensAt` (milliseconds of this device's clock), in words that keep up. */
export function TimeLeft({ opensAt }: { opensAt: number }) {
  const { say, locale } = useJoinPage();
  const [now, setNow] = useState(Date.now);
  const left = opensAt - now;
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), nextChange(left));
    return () => clearTimeout(timer);
  }, [left]);
  const text =
    left > 0
      ? say("not-open-yet.countdown", { time: countdown(left, locale) })
      : say("not-open-yet.opening");
  return (
    <p class="countdown" role="timer">
      {text}
    </p>
  );
}

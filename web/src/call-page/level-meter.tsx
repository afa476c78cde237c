import { useEffect, useRef } from "preact/hooks";
import type { InputView } from "../core/devices";
import { watchLevel } from "../core/level";
import { Icon } from "../ui/icon";
import { useCallPage } from "./context";

/** Shows that the microphone hears the person. */
export function LevelMeter({ view }: { view: InputView }) {
  const { say } = useCallPage();
  const bar = useRef<HTMLSpanElement>(null);
  const track = view.wanted ? view.track : null;
  useEffect(() => {
    if (track === null) return;
    return watchLevel(track, (level) => bar.current?.style.setProperty("--level", level.toFixed(2)));
  }, [track]);
  const text = track !== null ? "prejoin.level" : view.wanted ? "prejoin.level.none" : "prejoin.level.muted";
  return (
    <div class="level">
      <Icon name={track === null ? "microphone-off" : "microphone"} />
      <span class="level-text">{say(text)}</span>
      <span class="level-track" aria-hidden="true">
        {track !== null && <span ref={bar} class="level-bar" />}
      </span>
    </div>
  );
}

import { useState } from "preact/hooks";
import { Icon } from "../ui/icon";
import { chime } from "../ui/chime";
import { useCallPage } from "./context";

/** Plays two notes where the call will sound. */
export function SpeakerTest({ speaker }: { speaker: string }) {
  const { say } = useCallPage();
  const [isPlaying, setPlaying] = useState(false);
  const play = async () => {
    if (isPlaying) return;
    setPlaying(true);
    await chime(speaker);
    setPlaying(false);
  };
  return (
    <div class="speaker-test">
      <button type="button" class="button button-quiet" aria-disabled={isPlaying} onClick={() => void play()}>
        <Icon name="sound" />
        {say("speaker.test")}
      </button>
      <p role="status" class="field-hint">
        {isPlaying ? say("speaker.test.playing") : ""}
      </p>
    </div>
  );
}

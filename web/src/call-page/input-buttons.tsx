import type { InputView } from "../core/devices";
import { useCallPage } from "./context";
import { RoundButton } from "./round-button";

/** A failed device counts as off: the button then tries again. */
const isOn = ({ wanted, failure }: InputView): boolean => wanted && failure === null;

interface InputButtonProps {
  view: InputView;
  /** The call lets this person send it. */
  permitted: boolean;
  keys?: string;
}

export function MicrophoneButton({ view, permitted, keys }: InputButtonProps) {
  const { call, say } = useCallPage();
  const on = isOn(view);
  return (
    <RoundButton
      icon={on ? "microphone" : "microphone-off"}
      label={say(on ? "mute" : "unmute")}
      off={!on}
      disabled={!permitted}
      {...(keys !== undefined && { keys })}
      onClick={() => void call.setInput("microphone", !on)}
    />
  );
}

export function CameraButton({ view, permitted, keys }: InputButtonProps) {
  const { call, say } = useCallPage();
  const on = isOn(view);
  return (
    <RoundButton
      icon={on ? "camera" : "camera-off"}
      label={say(on ? "camera.turn-off" : "camera.turn-on")}
      short={say(on ? "camera.turn-off.short" : "camera.turn-on.short")}
      off={!on}
      disabled={!permitted}
      {...(keys !== undefined && { keys })}
      onClick={() => void call.setInput("camera", !on)}
    />
  );
}

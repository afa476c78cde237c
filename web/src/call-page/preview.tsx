import type { DevicesView } from "../core/devices";
import { useCallPage } from "./context";
import { CameraButton, MicrophoneButton } from "./input-buttons";
import { LevelMeter } from "./level-meter";
import { Video } from "./video";

/** Oneself, as the others will see and hear. */
export function Preview({ devices }: { devices: DevicesView }) {
  const { say } = useCallPage();
  const { camera, microphone } = devices;
  const isShown = camera.wanted && camera.track !== null;
  const placeholder = camera.opening
    ? "prejoin.camera.opening"
    : camera.wanted
      ? "prejoin.camera.none"
      : "prejoin.camera.off";
  return (
    <div class="preview">
      <div class="preview-picture">
        {isShown ? <Video tracks={[camera.track]} muted mirrored /> : <p>{say(placeholder)}</p>}
        <div class="preview-buttons">
          <MicrophoneButton view={microphone} permitted={devices.permitted.microphone} />
          <CameraButton view={camera} permitted={devices.permitted.camera} />
        </div>
      </div>
      <LevelMeter view={microphone} />
    </div>
  );
}

import type { Choice, DevicesView, Kind } from "../core/devices";
import { useCallPage } from "./context";

const canChooseSpeaker = "setSinkId" in HTMLMediaElement.prototype;

/** Menus for microphone, camera and speaker, of what the browser lets choose. */
export function DeviceChoice({ devices }: { devices: DevicesView }) {
  const kinds: Kind[] = canChooseSpeaker ? ["microphone", "camera", "speaker"] : ["microphone", "camera"];
  const shown = kinds.filter((kind) => devices.choices[kind].length > 0);
  if (shown.length === 0) return null;
  return (
    <div class="device-choice">
      {shown.map((kind) => (
        <DeviceMenu key={kind} kind={kind} choices={devices.choices[kind]} present={inUse(devices, kind)} />
      ))}
    </div>
  );
}

interface DeviceMenuProps {
  kind: Kind;
  choices: Choice[];
  present: string;
}

function DeviceMenu({ kind, choices, present }: DeviceMenuProps) {
  const { call, say } = useCallPage();
  const isListed = choices.some(({ id }) => id === present);
  return (
    <div class="field">
      <label for={`choose-${kind}`}>{say(kind)}</label>
      <select
        id={`choose-${kind}`}
        value={isListed ? present : ""}
        onChange={(event) => void call.chooseDevice(kind, event.currentTarget.value)}
      >
        {!isListed && <option value="">{say("standard")}</option>}
        {choices.map(({ id, label }, index) => (
          <option key={id} value={id}>
            {label || say(`${kind}.numbered`, { position: index + 1 })}
          </option>
        ))}
      </select>
    </div>
  );
}

function inUse({ chosen, microphone, camera }: DevicesView, kind: Kind): string {
  const track = { microphone: microphone.track, camera: camera.track, speaker: null }[kind];
  return track?.getSettings().deviceId ?? (chosen[kind] || "default");
}

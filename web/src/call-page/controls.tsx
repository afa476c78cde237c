import { useRef } from "preact/hooks";
import type { State } from "../core/state";
import { useCallPage, usePresentation } from "./context";
import { DeviceChoice } from "./device-choice";
import { HostButtons } from "./host-buttons";
import { CameraButton, MicrophoneButton } from "./input-buttons";
import { RoundButton } from "./round-button";

const canShare = navigator.mediaDevices !== undefined && "getDisplayMedia" in navigator.mediaDevices;

/** The row of buttons below the call. */
export function Controls({ state: { devices, room } }: { state: State }) {
  const { call, say } = useCallPage();
  const { leaveButton } = usePresentation();
  const settings = useRef<HTMLDialogElement>(null);
  return (
    <>
      {devices.sharing && <p class="sharing">{say("call.sharing")}</p>}
      <div class="controls" role="group" aria-label={say("call.controls")}>
        <MicrophoneButton view={devices.microphone} permitted={devices.permitted.microphone} />
        <CameraButton view={devices.camera} permitted={devices.permitted.camera} />
        {canShare && room?.enable_screenshare === true && devices.permitted.screen && <ShareButton sharing={devices.sharing} />}
        <RoundButton icon="settings" label={say("settings")} onClick={() => settings.current?.showModal()} />
        <HostButtons />
        {leaveButton && <RoundButton icon="leave" label={say("leave")} tone="danger" onClick={() => call.leave()} />}
      </div>
      <dialog ref={settings} class="settings" aria-labelledby="settings-title">
        <h2 id="settings-title">{say("settings")}</h2>
        <DeviceChoice devices={devices} />
        <form method="dialog">
          <button class="button button-primary">{say("settings.done")}</button>
        </form>
      </dialog>
    </>
  );
}

function ShareButton({ sharing }: { sharing: boolean }) {
  const { call, say } = useCallPage();
  return sharing ? (
    <RoundButton
      icon="screen-stop"
      label={say("share.stop")}
      short={say("share.stop.short")}
      tone="active"
      onClick={() => call.stopSharing()}
    />
  ) : (
    <RoundButton
      icon="screen"
      label={say("share")}
      short={say("share.short")}
      onClick={() => void call.shareScreen()}
    />
  );
}

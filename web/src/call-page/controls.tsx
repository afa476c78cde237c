import { useRef } from "preact/hooks";
import type { InCall, State } from "../core/state";
import { REACTIONS } from "../core/talk";
import { useCallPage, usePresentation } from "./context";
import { HostButtons } from "./host-buttons";
import { CameraButton, MicrophoneButton } from "./input-buttons";
import { MoreMenu } from "./more-menu";
import { Popup } from "./popup";
import { RecordButton } from "./recording";
import { RoundButton } from "./round-button";
import { SettingsDialog } from "./settings-dialog";
import { KEYS } from "./shortcuts";
import { ShortcutsDialog } from "./shortcuts-dialog";

export const canShare = navigator.mediaDevices !== undefined && "getDisplayMedia" in navigator.mediaDevices;

/** The row of buttons below the call. */
export function Controls({ state, stage }: { state: State; stage: InCall }) {
  const { call, look, say } = useCallPage();
  const { leaveButton } = usePresentation();
  const settings = useRef<HTMLDialogElement>(null);
  const shortcuts = useRef<HTMLDialogElement>(null);
  const { devices, room, talk, view } = state;
  const { unread } = talk;
  return (
    <>
      <div class="controls" role="group" aria-label={say("call.controls")}>
        <MicrophoneButton view={devices.microphone} permitted={devices.permitted.microphone} keys={KEYS.microphone} />
        <CameraButton view={devices.camera} permitted={devices.permitted.camera} keys={KEYS.camera} />
        {canShare && room?.enable_screenshare === true && devices.permitted.screen && (
          <ShareButton sharing={devices.sharing} />
        )}
        {room?.enable_hand_raising === true && <HandButton isUp={talk.hands.includes(stage.you.session_id)} />}
        {room?.enable_emoji_reactions === true && <ReactionButton />}
        {room?.enable_chat === true && (
          <RoundButton
            icon="chat"
            label={unread > 0 ? say("chat.button.unread", { count: unread }) : say("chat.button")}
            short={say("chat.button")}
            expanded={view.panel === "chat"}
            count={unread}
            keys={KEYS.chat}
            onClick={() => look.show(view.panel === "chat" ? null : "chat")}
          />
        )}
        {room?.enable_people_ui === true && (
          <RoundButton
            icon="people"
            label={say("people.button")}
            expanded={view.panel === "people"}
            keys={KEYS.people}
            secondary
            onClick={() => look.show(view.panel === "people" ? null : "people")}
          />
        )}
        {stage.mayRecord && room?.enable_recording_ui === true && <RecordButton call={stage} />}
        <MoreMenu
          state={state}
          stage={stage}
          onSettings={() => settings.current?.showModal()}
          onShortcuts={() => shortcuts.current?.showModal()}
        />
        <HostButtons />
        {leaveButton && <RoundButton icon="leave" label={say("leave")} tone="danger" onClick={() => call.leave()} />}
      </div>
      <SettingsDialog dialog={settings} state={state} />
      <ShortcutsDialog dialog={shortcuts} room={room} />
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
      keys={KEYS.share}
      onClick={() => call.stopSharing()}
    />
  ) : (
    <RoundButton
      icon="screen"
      label={say("share")}
      short={say("share.short")}
      keys={KEYS.share}
      secondary
      onClick={() => void call.shareScreen()}
    />
  );
}

function HandButton({ isUp }: { isUp: boolean }) {
  const { conversation, say } = useCallPage();
  return (
    <RoundButton
      icon="hand"
      label={say("hand")}
      short={say("hand.short")}
      pressed={isUp}
      keys={KEYS.hand}
      secondary
      onClick={() => conversation.raiseHand(!isUp)}
    />
  );
}

function ReactionButton() {
  const { conversation, say } = useCallPage();
  return (
    <Popup icon="smile" label={say("react")} short={say("react.short")} title={say("react")} secondary>
      {(close) => (
        <div class="reactions-choice">
          {REACTIONS.map((reaction, index) => (
            <button
              key={reaction}
              type="button"
              class="reaction"
              aria-label={say(`reaction.${index as 0 | 1 | 2 | 3 | 4 | 5}`)}
              onClick={() => {
                conversation.react(reaction);
                close();
              }}
            >
              {reaction}
            </button>
          ))}
        </div>
      )}
    </Popup>
  );
}

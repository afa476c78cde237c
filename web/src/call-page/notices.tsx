import { useState } from "preact/hooks";
import type { Line } from "../core/signalling";
import type { State } from "../core/state";
import type { MediaSource } from "../protocol/messages.gen";
import { Icon } from "../ui/icon";
import { useFocusHandOver } from "../ui/use-focus-hand-over";
import { CloseButton } from "./close-button";
import { useCallPage } from "./context";
import { DeviceTroubles } from "./device-troubles";
import { NewDeviceNotice } from "./new-device";

/** While the connection to the server is down. */
export function LineNotice({ line }: { line: Line }) {
  const { say } = useCallPage();
  if (line !== "lost") return null;
  return (
    <div class="notice notice-warning">
      <span class="spinner" aria-hidden="true" />
      <p>
        <strong>{say("call.reconnecting")}</strong> {say("call.reconnecting.hint")}
      </p>
    </div>
  );
}

/** What somebody in the call should know or do now. */
export function CallNotices({ state }: { state: State }) {
  const { network, isBusy } = state.view;
  return (
    <>
      <LineNotice line={state.line} />
      <NetworkNotice network={network} hasCamera={state.devices.camera.wanted} />
      {isBusy && state.room?.enable_cpu_warning_notifications === true && <BusyNotice />}
      {state.stage.name === "call" && state.stage.muted !== null && <MutedNotice source={state.stage.muted.source} />}
      {state.soundBlocked && <SoundNotice />}
      <DeviceTroubles devices={state.devices} dismissible />
      <NewDeviceNotice devices={state.devices} />
      {state.devices.sharingFailure !== null && <SharingNotice />}
      {state.problem !== null && <ProblemNotice problem={state.problem} />}
    </>
  );
}

/** A weak connection, and what is given up so that the sound stays. Once closed, it comes back when that changes. */
function NetworkNotice({ network: { step, isIncomingWeak }, hasCamera }: NetworkNoticeProps) {
  const { say } = useCallPage();
  const [seen, setSeen] = useState<string | null>(null);
  const own = step === 0 ? null : !hasCamera ? "weak.sound" : step === 3 ? "weak.off" : "weak.smaller";
  const key = own ?? (isIncomingWeak ? "weak.incoming" : null);
  return (
    <div role="status" class="network-notice">
      {key !== null && key !== seen && (
        <div class="notice notice-warning notice-line">
          <Icon name="weak" />
          <p>
            <strong>{say("weak")}</strong> {say(key)}
          </p>
          <CloseButton onClick={() => setSeen(key)} />
        </div>
      )}
    </div>
  );
}

interface NetworkNoticeProps {
  network: State["view"]["network"];
  hasCamera: boolean;
}

function BusyNotice() {
  const { say } = useCallPage();
  const [isSeen, setSeen] = useState(false);
  const notice = useFocusHandOver<HTMLDivElement>();
  if (isSeen) return null;
  return (
    <div ref={notice} class="notice notice-warning" role="status">
      <Icon name="warning" />
      <div class="notice-body">
        <p>
          <strong>{say("busy")}</strong> {say("busy.fix")}
        </p>
        <div class="notice-buttons">
          <button type="button" class="button button-quiet" onClick={() => setSeen(true)}>
            {say("call.dismiss")}
          </button>
        </div>
      </div>
    </div>
  );
}

/** A host switched something off. */
function MutedNotice({ source }: { source: MediaSource }) {
  const { call, say } = useCallPage();
  const notice = useFocusHandOver<HTMLDivElement>();
  return (
    <div ref={notice} class="notice" role="status">
      <div class="notice-body">
        <p>{say(`muted.${source}`)}</p>
        <div class="notice-buttons">
          <button type="button" class="button button-quiet" onClick={() => call.dismissMuted()}>
            {say("call.dismiss")}
          </button>
        </div>
      </div>
    </div>
  );
}

function SoundNotice() {
  const { call, say } = useCallPage();
  const notice = useFocusHandOver<HTMLDivElement>();
  return (
    <div ref={notice} class="notice notice-warning" role="alert">
      <div class="notice-body">
        <p>{say("call.sound")}</p>
        <button type="button" class="button button-primary" onClick={() => call.setSoundBlocked(false)}>
          <Icon name="sound" />
          {say("call.sound.on")}
        </button>
      </div>
    </div>
  );
}

function SharingNotice() {
  const { say } = useCallPage();
  return (
    <div class="notice notice-warning" role="alert">
      <Icon name="warning" />
      <div class="notice-body">
        <h2>{say("sharing.failed")}</h2>
        <p>{say("sharing.failed.fix")}</p>
      </div>
    </div>
  );
}

function ProblemNotice({ problem }: { problem: NonNullable<State["problem"]> }) {
  const { call, say } = useCallPage();
  const notice = useFocusHandOver<HTMLDivElement>();
  return (
    <div ref={notice} class="notice notice-warning" role="alert">
      <div class="notice-body">
        <p>{say(`problem.${problem}`)}</p>
        <div class="notice-buttons">
          <button type="button" class="button button-quiet" onClick={() => call.dismissProblem()}>
            {say("call.dismiss")}
          </button>
        </div>
      </div>
    </div>
  );
}

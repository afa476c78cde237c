import type { Line } from "../core/signalling";
import type { State } from "../core/state";
import { Icon } from "../ui/icon";
import { useFocusHandOver } from "../ui/use-focus-hand-over";
import { useCallPage } from "./context";
import { DeviceTroubles } from "./device-troubles";

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
  return (
    <>
      <LineNotice line={state.line} />
      {state.soundBlocked && <SoundNotice />}
      <DeviceTroubles devices={state.devices} dismissible />
      {state.devices.sharingFailure !== null && <SharingNotice />}
      {state.problem !== null && <ProblemNotice problem={state.problem} />}
    </>
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

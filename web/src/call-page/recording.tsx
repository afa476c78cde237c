import { useEffect } from "preact/hooks";
import type { InCall } from "../core/state";
import type { ConsentView } from "../protocol/messages.gen";
import { Icon } from "../ui/icon";
import { chime } from "../ui/chime";
import { useCallPage } from "./context";
import { ownRecording } from "./own-recording";
import { RoundButton } from "./round-button";

/** Starts and stops a recording; only for those who may. */
export function RecordButton({ call: { recording } }: { call: InCall }) {
  const { call, say } = useCallPage();
  const running = recording.recordings[0];
  return running === undefined ? (
    <RoundButton
      icon="record"
      label={say("record")}
      short={say("record.short")}
      onClick={() => call.recording.start()}
    />
  ) : (
    <RoundButton
      icon="record-stop"
      label={say("record.stop")}
      short={say("record.stop.short")}
      tone="active"
      onClick={() => call.recording.stop(running.instance_id)}
    />
  );
}

/** What everybody must know of recordings: that there is one, that they are asked, what went wrong. */
export function RecordingNotices({ call }: { call: InCall }) {
  const { recording, recordingFailure } = call;
  const isRecorded = recording.recordings.length > 0;
  useEffect(() => {
    if (isRecorded) void chime();
  }, [isRecorded]);
  return (
    <>
      {isRecorded && <RecordingNotice consent={recording.consent} isOwn={ownRecording(call) !== null} />}
      {recording.consent?.answer === "open" && <ConsentQuestion consent={recording.consent} />}
      {recordingFailure !== null && <RecordingFailure reason={recordingFailure} />}
    </>
  );
}

function RecordingNotice({ consent, isOwn }: { consent: ConsentView | null; isOwn: boolean }) {
  const { call, say } = useCallPage();
  const isLeftOut = consent !== null && consent.answer !== "agreed";
  return (
    <div class="notice recording">
      <span class="recording-dot" aria-hidden="true" />
      <div class="notice-body">
        <p>{say(isLeftOut ? "recording.without-you" : "recording.on")}</p>
        {isOwn && <p>{say("recording.own")}</p>}
        {consent?.answer === "agreed" && (
          <button type="button" class="button button-quiet" onClick={() => call.recording.answerConsent(false)}>
            {say("consent.withdraw")}
          </button>
        )}
        {consent?.answer === "declined" && (
          <button type="button" class="button button-quiet" onClick={() => call.recording.answerConsent(true)}>
            {say("consent.agree")}
          </button>
        )}
      </div>
    </div>
  );
}

function ConsentQuestion({ consent }: { consent: ConsentView }) {
  const { call, say } = useCallPage();
  return (
    <div class="notice notice-warning" role="alertdialog" aria-labelledby="consent-title" aria-describedby="consent-text">
      <Icon name="record" />
      <div class="notice-body">
        <h2 id="consent-title">{say("consent.title")}</h2>
        <p id="consent-text">{consent.question}</p>
        <div class="notice-buttons">
          <button type="button" class="button button-primary" onClick={() => call.recording.answerConsent(true)}>
            {say("consent.agree")}
          </button>
          <button type="button" class="button button-quiet" onClick={() => call.recording.answerConsent(false)}>
            {say("consent.decline")}
          </button>
        </div>
      </div>
    </div>
  );
}

function RecordingFailure({ reason }: { reason: string }) {
  const { call, say } = useCallPage();
  return (
    <div class="notice notice-warning" role="alert">
      <Icon name="warning" />
      <div class="notice-body">
        <h2>{say("recording.failed")}</h2>
        <p>{reason}</p>
        <div class="notice-buttons">
          <button type="button" class="button button-quiet" onClick={() => call.store.dispatch({ type: "recording-failure-seen" })}>
            {say("call.dismiss")}
          </button>
        </div>
      </div>
    </div>
  );
}

import { useRef, useState } from "preact/hooks";
import type { SettingsFormProps } from "./appointment-settings";
import { Question, Section } from "./parts";
import { say } from "./say";
import { focusFirstProblem, SettingField } from "./setting-field";
import { MOST_KEEP_DAYS, wholeNumber } from "./settings";

/** How long recordings are kept. Before some may be deleted at once, it asks. */
export function RecordingSettings({ settings, isBusy, onSave }: SettingsFormProps) {
  const before = settings.recordings_keep_days;
  const [written, setWritten] = useState(before === null ? "" : String(before));
  const [isTried, setTried] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const days = written.trim() === "" ? null : wholeNumber(written, 1, MOST_KEEP_DAYS);
  const isWrong = written.trim() !== "" && days === null;

  function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }) {
    event.preventDefault();
    setTried(true);
    if (isWrong) return focusFirstProblem(event.currentTarget);
    if (days !== null && (before === null || days < before)) dialog.current?.showModal();
    else onSave({ recordings_keep_days: days });
  }

  return (
    <Section title={say("settings.recordings")} hint={say("settings.recordings.hint")}>
      <form class="form" noValidate onSubmit={submit}>
        <SettingField
          id="keep"
          kind="number"
          isShort
          label={say("settings.keep")}
          hint={say("settings.keep.hint")}
          problem={isTried && isWrong ? say("settings.minutes.problem", { least: 1, most: MOST_KEEP_DAYS }) : null}
          value={written}
          onChange={setWritten}
        />
        <div class="buttons">
          <button type="submit" class="button button-primary" aria-disabled={isBusy}>
            {say("settings.keep.save")}
          </button>
        </div>
      </form>
      <Question
        dialog={dialog}
        question={say("settings.keep.question", { count: days ?? 0 })}
        hint={say("settings.keep.question.hint")}
        yes={say("settings.keep.yes")}
        onYes={async () => onSave({ recordings_keep_days: days })}
      />
    </Section>
  );
}

import { useState } from "preact/hooks";
import { Section } from "./parts";
import { say } from "./say";
import { focusFirstProblem, SettingField, SettingSwitch } from "./setting-field";
import {
  MOST_MINUTES,
  MOST_RETRY_MINUTES,
  PRESETS,
  presetOf,
  wholeNumber,
  type Preset,
  type Settings,
} from "./settings";

export interface SettingsFormProps {
  settings: Settings;
  isBusy: boolean;
  onSave: (changes: Partial<Settings>) => void;
}

/** When people may enter, whether they wait, and how soon a failed room is tried again. */
export function AppointmentSettings({ settings, isBusy, onSave }: SettingsFormProps) {
  const [name, setName] = useState(settings.name);
  const [waits, setWaits] = useState(settings.waiting_room);
  const [opens, setOpens] = useState(String(settings.opens_minutes_before));
  const [closes, setCloses] = useState(String(settings.closes_minutes_after));
  const [locks, setLocks] = useState(settings.locks_early);
  const [retry, setRetry] = useState(settings.retry_minutes === null ? "" : String(settings.retry_minutes));
  const [isTried, setTried] = useState(false);

  const minutes = { opens: wholeNumber(opens, 0, MOST_MINUTES), closes: wholeNumber(closes, 0, MOST_MINUTES) };
  const retryMinutes = retry.trim() === "" ? null : wholeNumber(retry, 1, MOST_RETRY_MINUTES);
  const isRetryWrong = retry.trim() !== "" && retryMinutes === null;
  const range = (least: number, most: number) => say("settings.minutes.problem", { least, most });
  const window = { opens_minutes_before: minutes.opens ?? -1, closes_minutes_after: minutes.closes ?? -1, locks_early: locks };

  function take(preset: Preset) {
    setOpens(String(PRESETS[preset].opens_minutes_before));
    setCloses(String(PRESETS[preset].closes_minutes_after));
    setLocks(PRESETS[preset].locks_early);
  }

  function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }) {
    event.preventDefault();
    setTried(true);
    const isRight = name.trim() !== "" && minutes.opens !== null && minutes.closes !== null && !isRetryWrong;
    if (!isRight) return focusFirstProblem(event.currentTarget);
    onSave({ name: name.trim(), waiting_room: waits, ...window, retry_minutes: retryMinutes });
  }

  return (
    <Section title={say("settings.appointments")} hint={say("settings.hint")}>
      <form class="form" noValidate onSubmit={submit}>
        <SettingField
          id="name"
          label={say("settings.name")}
          hint={say("settings.name.hint")}
          problem={isTried && name.trim() === "" ? say("settings.name.missing") : null}
          value={name}
          onChange={setName}
        />
        <PresetChoice chosen={presetOf(window)} onChoose={take} />
        <SettingField
          id="opens"
          kind="number"
          isShort
          label={say("settings.opens")}
          hint={say("settings.opens.hint")}
          problem={isTried && minutes.opens === null ? range(0, MOST_MINUTES) : null}
          value={opens}
          onChange={setOpens}
        />
        <SettingField
          id="closes"
          kind="number"
          isShort
          label={say("settings.closes")}
          hint={say("settings.closes.hint")}
          problem={isTried && minutes.closes === null ? range(0, MOST_MINUTES) : null}
          value={closes}
          onChange={setCloses}
        />
        <SettingSwitch
          id="locks"
          label={say("settings.locks")}
          hint={say("settings.locks.hint")}
          isOn={locks}
          onChange={setLocks}
        />
        <SettingSwitch
          id="waits"
          label={say("settings.waiting")}
          hint={say("settings.waiting.hint")}
          isOn={waits}
          onChange={setWaits}
        />
        <SettingField
          id="retry"
          kind="number"
          isShort
          label={say("settings.retry")}
          hint={say("settings.retry.hint", { count: settings.usual_retry_minutes })}
          problem={isTried && isRetryWrong ? range(1, MOST_RETRY_MINUTES) : null}
          placeholder={String(settings.usual_retry_minutes)}
          value={retry}
          onChange={setRetry}
        />
        <div class="buttons">
          <button type="submit" class="button button-primary" aria-disabled={isBusy}>
            {say("settings.save")}
          </button>
        </div>
      </form>
    </Section>
  );
}

interface PresetChoiceProps {
  chosen: Preset | "own";
  onChoose: (preset: Preset) => void;
}

function PresetChoice({ chosen, onChoose }: PresetChoiceProps) {
  return (
    <fieldset class="choices presets">
      <legend>{say("settings.window")}</legend>
      {(["clinic", "school"] as const).map((preset) => (
        <label key={preset}>
          <input type="radio" name="preset" checked={chosen === preset} onChange={() => onChoose(preset)} />
          <span>
            {say(`settings.preset.${preset}`)}
            <span class="quiet small">{say(`settings.preset.${preset}.hint`)}</span>
          </span>
        </label>
      ))}
      {chosen === "own" && <p class="quiet small">{say("settings.preset.own")}</p>}
    </fieldset>
  );
}

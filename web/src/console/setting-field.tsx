import type { ComponentChildren } from "preact";

interface SettingFieldProps {
  id: string;
  label: string;
  hint: string;
  /** Why the value cannot be; it stands in the place of the hint. */
  problem: string | null;
  value: string;
  kind?: "text" | "email" | "number";
  placeholder?: string;
  isShort?: boolean;
  onChange: (value: string) => void;
}

/** A field for one setting with its explanation. */
export function SettingField({ id, label, hint, problem, value, kind = "text", ...more }: SettingFieldProps) {
  return (
    <div class={`field ${more.isShort ? "field-short" : ""}`}>
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode={kind === "number" ? "numeric" : kind}
        autocomplete="off"
        value={value}
        placeholder={more.placeholder}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-hint`}
        onInput={(event) => more.onChange(event.currentTarget.value)}
      />
      <p id={`${id}-hint`} class={problem === null ? "quiet small" : "field-problem"}>
        {problem ?? hint}
      </p>
    </div>
  );
}

interface SettingChoiceProps {
  id: string;
  label: string;
  hint: string;
  value: string;
  onChange: (value: string) => void;
  /** The options. */
  children: ComponentChildren;
}

/** A choice for one setting with its explanation. */
export function SettingChoice({ id, label, hint, value, onChange, children }: SettingChoiceProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {children}
      </select>
      <p id={`${id}-hint`} class="quiet small">
        {hint}
      </p>
    </div>
  );
}

interface SettingSwitchProps {
  id: string;
  label: string;
  hint: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

/** A setting that is on or off. */
export function SettingSwitch({ id, label, hint, isOn, onChange }: SettingSwitchProps) {
  return (
    <div class="switch">
      <input id={id} type="checkbox" checked={isOn} aria-describedby={`${id}-hint`} onChange={() => onChange(!isOn)} />
      <div>
        <label for={id}>{label}</label>
        <p id={`${id}-hint`} class="quiet small">
          {hint}
        </p>
      </div>
    </div>
  );
}

/** Take a person to the first field that cannot be saved. */
export function focusFirstProblem(form: HTMLFormElement): void {
  // After the fields say so.
  requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
}

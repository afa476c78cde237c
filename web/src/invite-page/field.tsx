import type { Person } from "./page";
import { say } from "./say";

export type FieldName = "name" | "email" | "password";

interface FieldProps {
  name: FieldName;
  person: Person;
  isShown: boolean;
  isMissing: boolean;
}

/** One line of the form. */
export function Field({ name, person, isShown, isMissing }: FieldProps) {
  const hasHint = name === "password" && person === "new";
  const described = [...(isMissing ? [`${name}-problem`] : []), ...(hasHint ? [`${name}-hint`] : [])];
  const input = {
    id: name,
    name,
    autocomplete: autocomplete(name, person),
    inputMode: name === "email" ? "email" : "text",
    autocapitalize: name === "name" ? "words" : "none",
    spellcheck: false,
    required: true,
    "aria-invalid": isMissing,
    ...(described.length > 0 && { "aria-describedby": described.join(" ") }),
  } as const;
  return (
    <div class="field">
      <label for={name}>{say(name)}</label>
      {name === "password" && !isShown ? <input type="password" {...input} /> : <input type="text" {...input} />}
      {hasHint && (
        <p class="hint" id={`${name}-hint`}>
          {say("password.hint")}
        </p>
      )}
      {isMissing && (
        <p class="field-problem" id={`${name}-problem`}>
          {say(`${name}.missing`)}
        </p>
      )}
    </div>
  );
}

function autocomplete(name: FieldName, person: Person) {
  if (name === "name") return "name";
  if (name === "email") return "username";
  return person === "new" ? "new-password" : "current-password";
}

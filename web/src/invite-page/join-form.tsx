import { useRef, useState } from "preact/hooks";
import type { Problem } from "../core/server";
import type { InviteKey } from "../ui/messages/en/invite";
import { Wordmark } from "../ui/wordmark";
import { Field, type FieldName } from "./field";
import type { Form } from "./page";
import { say, translated } from "./say";
import type { Visit } from "./visit";

interface JoinFormProps {
  visit: Visit;
  form: Form;
  title: string;
}

/** Makes an account, or signs in, and joins the team. */
export function JoinForm({ visit, form, title }: JoinFormProps) {
  const element = useRef<HTMLFormElement>(null);
  const [missing, setMissing] = useState<readonly FieldName[]>([]);
  const [isShown, setShown] = useState(false);
  const isNew = form.person === "new";
  const names: readonly FieldName[] = isNew ? ["name", "email", "password"] : ["email", "password"];
  const input = (name: FieldName) => element.current?.querySelector<HTMLInputElement>(`[name=${name}]`);
  const value = (name: FieldName) => input(name)?.value ?? "";

  function submit(event: Event) {
    event.preventDefault();
    if (form.busy) return;
    const empty = names.filter((name) => value(name).trim() === "");
    setMissing(empty);
    if (empty[0]) input(empty[0])?.focus();
    else send();
  }

  function send() {
    const filled = { name: value("name"), email: value("email"), password: value("password") };
    void (isNew ? visit.signUp(filled) : visit.signIn(filled));
  }

  function switchPerson() {
    if (form.busy) return;
    setMissing([]);
    visit.store.dispatch({ type: "switched", person: isNew ? "known" : "new" });
  }

  return (
    <form class="sign-in" ref={element} onSubmit={submit} noValidate aria-busy={form.busy}>
      <Wordmark name={say("product")} />
      <h1>{title}</h1>
      <p>{say(`join.${form.person}`)}</p>
      <div class="problem" role="alert">
        {form.problem && <ProblemNotice problem={form.problem} />}
      </div>
      {names.map((name) => (
        <Field key={name} name={name} person={form.person} isShown={isShown} isMissing={missing.includes(name)} />
      ))}
      <label class="check">
        <input type="checkbox" checked={isShown} onChange={() => setShown(!isShown)} />
        {say("show")}
      </label>
      <button type="submit" class="button button-primary" aria-disabled={form.busy}>
        {say(form.busy ? "busy" : `button.${form.person}`)}
      </button>
      <button type="button" class="button button-quiet" aria-disabled={form.busy} onClick={switchPerson}>
        {say(isNew ? "switch.known" : "switch.new")}
      </button>
    </form>
  );
}

function ProblemNotice({ problem }: { problem: Problem }) {
  const title = inWords(problem);
  const values = problem.kind === "refused" ? { info: translated(problem.info) } : {};
  return (
    <div class="notice notice-danger">
      <p class="notice-title">{say(title)}</p>
      <p>{say(`${title}.hint`, values)}</p>
    </div>
  );
}

type Title = `problem.${"wrong" | "taken" | "locked" | "unreachable" | "refused"}`;

function inWords(problem: Problem): Title & InviteKey {
  if (problem.kind === "signed-out") return "problem.wrong";
  if (problem.kind !== "refused") return `problem.${problem.kind}`;
  return problem.status === 409 ? "problem.taken" : "problem.refused";
}

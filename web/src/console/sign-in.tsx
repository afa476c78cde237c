import { useEffect, useRef, useState } from "preact/hooks";
import type { ConsoleKey } from "../ui/messages/en/console";
import type { Problem } from "../core/server";
import type { Language } from "../ui/messages/languages";
import { LanguageChoice } from "./language-choice";
import { locale, say, translated } from "./say";
import type { SignedOut } from "./state";
import { ElsewhereProblem, SignInElsewhere, takeReason } from "./sign-in-elsewhere";
import { Wordmark } from "../ui/wordmark";

type Missing = { email: boolean; password: boolean };

interface SignInProps {
  state: SignedOut;
  language: Language;
  onLanguage: (language: Language) => void;
  onSignIn: (email: string, password: string) => void;
}

/** The sign-in form. */
export function SignIn({ state, language, onLanguage, onSignIn }: SignInProps) {
  const form = useRef<HTMLFormElement>(null);
  const [missing, setMissing] = useState<Missing>({ email: false, password: false });
  const [isShown, setShown] = useState(false);
  const [elsewhere] = useState(takeReason);

  useEffect(() => {
    if (state.problem?.kind === "signed-out") field("password")?.select();
  }, [state.problem]);

  function field(name: keyof Missing): HTMLInputElement | null {
    return form.current?.querySelector<HTMLInputElement>(`[name=${name}]`) ?? null;
  }

  function submit(event: Event) {
    event.preventDefault();
    if (state.busy) return;
    const [email, password] = [field("email")?.value.trim() ?? "", field("password")?.value ?? ""];
    const found = { email: email === "", password: password === "" };
    setMissing(found);
    if (found.email) field("email")?.focus();
    else if (found.password) field("password")?.focus();
    else onSignIn(email, password);
  }

  return (
    <main class="outside">
      <form class="sign-in" ref={form} onSubmit={submit} noValidate aria-busy={state.busy}>
        <Wordmark name={say("product")} />
        <h1>{say("sign-in")}</h1>
        <Reason reason={state.reason} isOver={state.busy || state.problem !== null} />
        <div class="problem" role="alert">
          {state.problem && <ProblemNotice problem={state.problem} />}
          {elsewhere && !state.problem && !state.busy && <ElsewhereProblem reason={elsewhere} />}
        </div>
        <Field name="email" kind="text" autocomplete="username" isMissing={missing.email} />
        <Field
          name="password"
          kind={isShown ? "text" : "password"}
          autocomplete="current-password"
          isMissing={missing.password}
        />
        <label class="check">
          <input type="checkbox" checked={isShown} onChange={() => setShown(!isShown)} />
          {say("sign-in.show")}
        </label>
        <button type="submit" class="button button-primary" aria-disabled={state.busy}>
          {say(state.busy ? "sign-in.busy" : "sign-in")}
        </button>
        <SignInElsewhere />
        <LanguageChoice language={language} onChoose={onLanguage} />
      </form>
    </main>
  );
}

interface FieldProps {
  name: keyof Missing;
  kind: "password" | "text";
  autocomplete: "username" | "current-password";
  isMissing: boolean;
}

function Field({ name, kind, autocomplete, isMissing }: FieldProps) {
  const problem = `${name}-problem`;
  const input = {
    id: name,
    name,
    autocomplete,
    inputMode: name === "email" ? "email" : "text",
    autocapitalize: "none",
    spellcheck: false,
    required: true,
    "aria-invalid": isMissing,
    ...(isMissing && { "aria-describedby": problem }),
  } as const;
  return (
    <div class="field">
      <label for={name}>{say(`sign-in.${name}`)}</label>
      {kind === "password" ? <input type="password" {...input} /> : <input type="text" {...input} />}
      {isMissing && (
        <p class="field-problem" id={problem}>
          {say(`sign-in.${name}.missing`)}
        </p>
      )}
    </div>
  );
}

function Reason({ reason, isOver }: { reason: SignedOut["reason"]; isOver: boolean }) {
  const texts = { new: null, ended: "session-ended", left: "signed-out" } as const;
  const text = isOver ? null : texts[reason];
  return (
    <div class="problem" role="status">
      {text && <p class="notice">{say(text)}</p>}
    </div>
  );
}

function ProblemNotice({ problem }: { problem: Problem }) {
  const { title, values } = inWords(problem);
  return (
    <div class="notice notice-danger">
      <p class="notice-title">{say(title)}</p>
      <p>{say(`${title}.hint`, values)}</p>
    </div>
  );
}

type Title = "sign-in.wrong" | "sign-in.locked" | "sign-in.unreachable" | "sign-in.refused";

function inWords(problem: Problem): { title: Title & ConsoleKey; values: Record<string, string> } {
  switch (problem.kind) {
    case "signed-out":
      return { title: "sign-in.wrong", values: {} };
    case "locked":
      return { title: "sign-in.locked", values: { minutes: minutes(problem.seconds) } };
    case "unreachable":
      return { title: "sign-in.unreachable", values: {} };
    case "refused":
      return { title: "sign-in.refused", values: { info: translated(problem.info) } };
  }
}

function minutes(seconds: number): string {
  const format = new Intl.NumberFormat(locale(), { style: "unit", unit: "minute", unitDisplay: "long" });
  return format.format(Math.ceil(seconds / 60));
}

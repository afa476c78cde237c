import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Heading } from "../ui/heading";
import { addressOf, type Place } from "./place";
import { locale, say } from "./say";
import { inWords, useDesk, type Asked, type Doing } from "./use-desk";

interface GoProps {
  to: Place;
  children: ComponentChildren;
  class?: string;
  isHere?: boolean;
  onGo?: () => void;
}

/** A link to another page of the console. Opens in a new tab as any link does. */
export function Go({ to, children, class: kind, isHere = false, onGo }: GoProps) {
  const desk = useDesk();
  const go = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onGo?.();
    desk.go(to);
  };
  return (
    <a href={addressOf(to)} class={kind} aria-current={isHere ? "page" : undefined} onClick={go}>
      {children}
    </a>
  );
}

interface PageHeadProps {
  title: string;
  hint?: string;
  children?: ComponentChildren;
}

/** The title of a page, what it is for, and what can be done with all of it. */
export function PageHead({ title, hint, children }: PageHeadProps) {
  useEffect(() => {
    document.title = `${title} · ${say("title")}`;
  }, [title]);
  return (
    <header class="page-head">
      <div class="page-head-words">
        <Heading>{title}</Heading>
        {hint && <p class="quiet">{hint}</p>}
      </div>
      {children && <div class="page-head-actions">{children}</div>}
    </header>
  );
}

interface AnswerProps<Value> {
  asked: Asked<Value>;
  children: (value: Value) => ComponentChildren;
}

/** What the server answered; until then that it is asked, and above an old answer that it is old. */
export function Answered<Value>({ asked, children }: AnswerProps<Value>) {
  const { value, problem } = asked;
  return (
    <>
      <div class="trouble" role="status">
        {value === null && problem === null && <p class="empty quiet">{say("loading.page")}</p>}
        {problem && (
          <div class={`notice ${problem.kind === "refused" ? "notice-danger" : "notice-warning"}`}>
            <p class="notice-title">{say(problem.kind === "refused" ? "page.refused" : "unreachable")}</p>
            <p>{inWords(problem)}</p>
            {problem.kind !== "refused" && (
              <button type="button" class="button button-quiet try" onClick={() => void asked.reload()}>
                {say("retry")}
              </button>
            )}
          </div>
        )}
      </div>
      {value !== null && children(value)}
    </>
  );
}

interface SectionProps {
  title: string;
  hint?: string;
  children: ComponentChildren;
}

/** A part of a page on a card of its own. */
export function Section({ title, hint, children }: SectionProps) {
  return (
    <section class="section">
      <div class="section-head">
        <h2>{title}</h2>
        {hint && <p class="quiet small">{hint}</p>}
      </div>
      {children}
    </section>
  );
}

/** Why something did not work, said at once. */
export function Failed({ doing }: { doing: Doing }) {
  return (
    <div class="failure" role="alert">
      {doing.failed && <p class="notice notice-danger">{doing.failed}</p>}
    </div>
  );
}

/** What was just done, for a screen reader too. */
export function Said({ text }: { text: string | null }) {
  return (
    <div class="said" role="status">
      {text && <p class="notice notice-good">{text}</p>}
    </div>
  );
}

interface ConfirmProps extends Omit<QuestionProps, "dialog"> {
  label: string;
  /** What the button does, for those who do not see where it stands. */
  of: string;
}

/** A button that asks once more before something that cannot be taken back. */
export function Confirm({ label, of, ...asked }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" class="button button-quiet button-small" onClick={() => dialog.current?.showModal()}>
        {label}
        <span class="visually-hidden"> {of}</span>
      </button>
      <Question dialog={dialog} {...asked} />
    </>
  );
}

interface QuestionProps {
  /** What opens it. */
  dialog: RefObject<HTMLDialogElement | null>;
  question: string;
  hint: string;
  yes: string;
  onYes: () => Promise<unknown>;
}

/** Asks once more before something that cannot be taken back. */
export function Question({ dialog, question, hint, yes, onYes }: QuestionProps) {
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    if (busy) return;
    setBusy(true);
    await onYes();
    setBusy(false);
    dialog.current?.close();
  };
  return (
    <dialog ref={dialog} class="dialog" aria-label={question}>
      <h2>{question}</h2>
      <p>{hint}</p>
      <div class="dialog-buttons">
        <button type="button" class="button button-quiet" onClick={() => dialog.current?.close()}>
          {say("no")}
        </button>
        <button type="button" class="button button-danger" aria-disabled={busy} onClick={() => void confirm()}>
          {yes}
        </button>
      </div>
    </dialog>
  );
}

/** A day and a time in the person's own way of writing. */
export function Moment({ at }: { at: string }) {
  const format = new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" });
  return <time dateTime={at}>{format.format(new Date(at))}</time>;
}

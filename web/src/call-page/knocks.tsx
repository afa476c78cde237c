import { useState } from "preact/hooks";
import type { InCall } from "../core/state";
import { MAX_NOTE_LENGTH } from "../core/talk";
import type { KnockView } from "../protocol/messages.gen";
import { useFocusHandOver } from "../ui/use-focus-hand-over";
import { useCallPage } from "./context";

interface KnocksProps {
  call: InCall;
  /** What those who wait have written, by session id. */
  notes: Readonly<Record<string, string>>;
}

/** A card for each person who waits, for those who may let them in. */
export function Knocks({ call: { knocks, answered }, notes }: KnocksProps) {
  const { call, say } = useCallPage();
  const open = knocks.filter(({ session_id }) => !answered.includes(session_id));
  if (knocks.length === 0) return null;
  return (
    <section class="knocks" aria-labelledby="knocks-title">
      <h2 id="knocks-title">{say("knocks")}</h2>
      <ul>
        {knocks.map((knock) => (
          <KnockCard
            key={knock.session_id}
            knock={knock}
            note={notes[knock.session_id] ?? ""}
            answered={answered.includes(knock.session_id)}
          />
        ))}
      </ul>
      {open.length > 1 && (
        <button
          type="button"
          class="button button-quiet"
          onClick={() => {
            for (const { session_id } of open) call.admit(session_id);
          }}
        >
          {say("admit.all", { count: open.length })}
        </button>
      )}
    </section>
  );
}

function KnockCard({ knock, note, answered }: { knock: KnockView; note: string; answered: boolean }) {
  const { call, say } = useCallPage();
  const card = useFocusHandOver<HTMLLIElement>(() => document.querySelector(".knock .button-primary"));
  const who = `knock-${knock.session_id}`;
  const answer = (reply: () => void) => () => {
    if (!answered) reply();
  };
  return (
    <li ref={card} class="knock">
      <div id={who}>
        <p>
          <strong>{knock.user_name || say("guest")}</strong> {say("knocks.wants")}
          {!knock.is_invited && <span class="knock-stranger">{say("knocks.stranger")}</span>}
        </p>
        {note !== "" && <p class="knock-note">{say("knocks.note", { text: note })}</p>}
      </div>
      <div class="knock-buttons">
        <button
          type="button"
          class="button button-quiet"
          aria-describedby={who}
          aria-disabled={answered}
          onClick={answer(() => call.deny(knock.session_id))}
        >
          {say("deny")}
        </button>
        <button
          type="button"
          class="button button-primary"
          aria-describedby={who}
          aria-disabled={answered}
          onClick={answer(() => call.admit(knock.session_id))}
        >
          {say("admit")}
        </button>
      </div>
      <NoteForm id={`reply-${knock.session_id}`} label="knocks.reply" to={[knock.session_id]} isFolded />
    </li>
  );
}

interface NoteFormProps {
  id: string;
  label: "knocks.reply" | "lobby.note";
  /** Session ids; null for those who may open. */
  to: string[] | null;
  /** Shows only a button at first. */
  isFolded?: boolean;
}

/** A line to those who wait, or from them. */
export function NoteForm({ id, label, to, isFolded = false }: NoteFormProps) {
  const { conversation, say } = useCallPage();
  const [text, setText] = useState("");
  const [isSent, setSent] = useState(false);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (text.trim() === "") return;
    conversation.leaveNote(text, to);
    setText("");
    setSent(true);
  };
  const form = (
    <form class="note-form" onSubmit={send}>
      <label for={id} class={isFolded ? "visually-hidden" : undefined}>
        {say(label)}
      </label>
      <div class="note-line">
        <input
          id={id}
          maxLength={MAX_NOTE_LENGTH}
          autocomplete="off"
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setSent(false);
          }}
        />
        <button type="submit" class="button button-quiet">
          {say("note.send")}
        </button>
      </div>
      <p role="status" class="field-hint">
        {isSent ? say("note.sent") : ""}
      </p>
    </form>
  );
  if (!isFolded) return form;
  return (
    <details class="note-fold">
      <summary>{say(label)}</summary>
      {form}
    </details>
  );
}

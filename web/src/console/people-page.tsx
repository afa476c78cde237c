import { useRef, useState } from "preact/hooks";
import { Answered, Failed, PageHead, Said, Section } from "./parts";
import { say } from "./say";
import { useAsked, useDoing } from "./use-desk";

const KINDS = ["patient", "specialist"] as const;
type Kind = (typeof KINDS)[number];
type Person = { id: number; name: string; email: string | null };
type People = { total_count: number; data: Person[] };

/** The specialists and patients of an organization: listed, added, changed. */
export function PeoplePage({ organization }: { organization: number }) {
  const [kind, setKind] = useState<Kind>("patient");
  const [after, setAfter] = useState<number[]>([]);
  const path = `organizations/${organization}/people`;
  const from = after.length > 0 ? `&starting_after=${after.at(-1)}` : "";
  const asked = useAsked<People>(`${path}?kind=${kind}${from}`);
  const doing = useDoing();
  const [said, setSaid] = useState<string | null>(null);

  async function save(at: string, method: "POST" | "PUT", body: object, done: string): Promise<boolean> {
    setSaid(null);
    const answer = await doing.send(at, body, method);
    if (answer === null) return false;
    setSaid(done);
    await asked.reload();
    return true;
  }

  return (
    <>
      <PageHead title={say("people")} hint={say("people.hint")} />
      <div class="tabs" role="group" aria-label={say("people.kind")}>
        {KINDS.map((each) => (
          <button
            key={each}
            type="button"
            class="tab"
            aria-pressed={each === kind}
            onClick={() => {
              setAfter([]);
              setKind(each);
            }}
          >
            {say(`people.${each}s`)}
          </button>
        ))}
      </div>
      <Failed doing={doing} />
      <Said text={said} />
      <Section title={say(`people.add.${kind}`)}>
        <PersonForm
          key={kind}
          id="new"
          action={say("people.add")}
          isBusy={doing.busy}
          onSave={(person) => save(path, "POST", { ...person, kind }, say("people.added", { name: person.name }))}
        />
      </Section>
      <Answered asked={asked}>
        {({ total_count, data }) => (
          <Section title={say(`people.${kind}s.count`, { count: total_count })}>
            <ul class="rows">
              {data.map((person) => (
                <PersonRow
                  key={person.id}
                  person={person}
                  isBusy={doing.busy}
                  onSave={(changed) =>
                    save(`${path}/${person.id}`, "PUT", changed, say("people.changed", { name: changed.name }))
                  }
                />
              ))}
            </ul>
            <nav class="buttons" aria-label={say("pages")}>
              {after.length > 0 && (
                <button type="button" class="button button-quiet button-small" onClick={() => setAfter(after.slice(0, -1))}>
                  {say("pages.before")}
                </button>
              )}
              {data.length === 100 && (
                <button
                  type="button"
                  class="button button-quiet button-small"
                  onClick={() => setAfter([...after, data.at(-1)?.id ?? 0])}
                >
                  {say("pages.after")}
                </button>
              )}
            </nav>
          </Section>
        )}
      </Answered>
    </>
  );
}

type Form = { name: string; email: string | null };

interface PersonRowProps {
  person: Person;
  isBusy: boolean;
  onSave: (person: Form) => Promise<boolean>;
}

function PersonRow({ person, isBusy, onSave }: PersonRowProps) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const save = async (changed: Form) => {
    const saved = await onSave(changed);
    if (saved) {
      setOpen(false);
      button.current?.focus();
    }
    return saved;
  };
  return (
    <li class="row">
      <div class="row-words">
        <p class="row-title">{person.name}</p>
        <p class="quiet small">{person.email ?? say("people.no-email")}</p>
      </div>
      <button
        ref={button}
        type="button"
        class="button button-quiet button-small"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {say("people.edit")}
        <span class="visually-hidden"> {person.name}</span>
      </button>
      {isOpen && (
        <div class="row-form-place">
          <PersonForm id={String(person.id)} person={person} action={say("people.save")} isBusy={isBusy} onSave={save} />
        </div>
      )}
    </li>
  );
}

interface PersonFormProps {
  id: string;
  person?: Person;
  action: string;
  isBusy: boolean;
  onSave: (person: Form) => Promise<boolean>;
}

function PersonForm({ id, person, action, isBusy, onSave }: PersonFormProps) {
  const [name, setName] = useState(person?.name ?? "");
  const [email, setEmail] = useState(person?.email ?? "");
  const [isMissing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const cleaned = name.trim();
    setMissing(cleaned === "");
    if (cleaned === "") return field.current?.focus();
    const saved = await onSave({ name: cleaned, email: email.trim() === "" ? null : email.trim() });
    if (saved && !person) {
      setName("");
      setEmail("");
      field.current?.focus();
    }
  };
  return (
    <form class="person-form" noValidate onSubmit={(event) => void submit(event)}>
      <div class="field">
        <label for={`name-${id}`}>{say("people.name")}</label>
        <input
          ref={field}
          id={`name-${id}`}
          autocomplete="off"
          value={name}
          aria-invalid={isMissing}
          aria-describedby={isMissing ? `name-${id}-problem` : undefined}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        {isMissing && (
          <p id={`name-${id}-problem`} class="field-problem">
            {say("people.name.missing")}
          </p>
        )}
      </div>
      <div class="field">
        <label for={`email-${id}`}>{say("people.email")}</label>
        <input
          id={`email-${id}`}
          type="email"
          autocomplete="off"
          value={email}
          onInput={(event) => setEmail(event.currentTarget.value)}
        />
      </div>
      <button type="submit" class={`button ${person ? "button-quiet" : "button-primary"}`} aria-disabled={isBusy}>
        {action}
      </button>
    </form>
  );
}

import { useRef, useState } from "preact/hooks";
import { Copy } from "./copy";
import { Answered, Confirm, Failed, Moment, PageHead, Section } from "./parts";
import { say } from "./say";
import { useAsked, useDoing, type Doing } from "./use-desk";

type Key = { id: string; label: string; created_at: string; revoked_at: string | null };
type Shown = { label: string; key: string; isSuccessor: boolean };

/** The API keys of a domain: made, shown once, rotated, revoked. */
export function KeysPage({ domain }: { domain: string }) {
  const path = `domains/${domain}/keys`;
  const asked = useAsked<{ keys: Key[] }>(path);
  const doing = useDoing();
  const [shown, setShown] = useState<Shown | null>(null);

  async function make(at: string, label: string, isSuccessor: boolean, body: object = {}): Promise<boolean> {
    const made = await doing.send<{ key: string }>(at, body);
    if (made === null) return false;
    setShown({ label, key: made.key, isSuccessor });
    await asked.reload();
    return true;
  }

  async function revoke({ id }: Key) {
    if ((await doing.send(`${path}/${id}/revoke`)) === null) return;
    setShown(null);
    await asked.reload();
  }

  return (
    <>
      <PageHead title={say("keys")} hint={say("keys.hint")} />
      <Failed doing={doing} />
      <div role="status">{shown && <NewKey shown={shown} onDone={() => setShown(null)} />}</div>
      <Answered asked={asked}>
        {({ keys }) => (
          <>
            <KeyForm doing={doing} onMake={(label) => make(path, label, false, { label })} />
            <KeyList
              keys={keys}
              onRotate={(key) => void make(`${path}/${key.id}/rotate`, key.label, true)}
              onRevoke={revoke}
            />
          </>
        )}
      </Answered>
    </>
  );
}

function NewKey({ shown: { label, key, isSuccessor }, onDone }: { shown: Shown; onDone: () => void }) {
  return (
    <div class="notice notice-good new-key">
      <p class="notice-title">{say("keys.new", { label })}</p>
      <p>{say(isSuccessor ? "keys.new.successor" : "keys.new.hint")}</p>
      <p class="secret">
        <code>{key}</code>
      </p>
      <div class="buttons">
        <Copy
          text={key}
          label={say("keys.copy")}
          of={say("keys.of", { label })}
          done={say("keys.copied")}
          byHand={say("keys.by-hand")}
        />
        <button type="button" class="button button-quiet button-small" onClick={onDone}>
          {say("keys.stored")}
        </button>
      </div>
    </div>
  );
}

function KeyForm({ doing, onMake }: { doing: Doing; onMake: (label: string) => Promise<boolean> }) {
  const [label, setLabel] = useState("");
  const [isMissing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const cleaned = label.trim();
    setMissing(cleaned === "");
    if (cleaned === "") field.current?.focus();
    else if (await onMake(cleaned)) setLabel("");
  };
  return (
    <Section title={say("keys.create")}>
      <form class="row-form" noValidate onSubmit={(event) => void submit(event)}>
        <div class="field">
          <label for="label">{say("keys.label")}</label>
          <input
            ref={field}
            id="label"
            maxLength={100}
            autocomplete="off"
            value={label}
            aria-invalid={isMissing}
            aria-describedby="label-hint"
            onInput={(event) => setLabel(event.currentTarget.value)}
          />
          <p id="label-hint" class={isMissing ? "field-problem" : "quiet small"}>
            {say(isMissing ? "keys.label.missing" : "keys.label.hint")}
          </p>
        </div>
        <button type="submit" class="button button-primary" aria-disabled={doing.busy}>
          {say("keys.create")}
        </button>
      </form>
    </Section>
  );
}

interface KeyListProps {
  keys: readonly Key[];
  onRotate: (key: Key) => void;
  onRevoke: (key: Key) => Promise<unknown>;
}

function KeyList({ keys, onRotate, onRevoke }: KeyListProps) {
  const active = keys.filter((key) => key.revoked_at === null);
  const revoked = keys.filter((key) => key.revoked_at !== null);
  return (
    <>
      <Section title={say("keys.active")}>
        {active.length === 0 ? (
          <p class="quiet">{say("keys.none")}</p>
        ) : (
          <ul class="rows">
            {active.map((key) => (
              <li key={key.id} class="row">
                <div class="row-words">
                  <p class="row-title">{key.label}</p>
                  <p class="quiet small">
                    {say("keys.made")} <Moment at={key.created_at} />
                  </p>
                </div>
                <div class="buttons">
                  <button type="button" class="button button-quiet button-small" onClick={() => onRotate(key)}>
                    {say("keys.rotate")}
                    <span class="visually-hidden"> {say("keys.of", { label: key.label })}</span>
                  </button>
                  <Confirm
                    label={say("keys.revoke")}
                    of={say("keys.of", { label: key.label })}
                    question={say("keys.revoke.question", { label: key.label })}
                    hint={say("keys.revoke.hint")}
                    yes={say("keys.revoke.yes")}
                    onYes={() => onRevoke(key)}
                  />
                </div>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {revoked.length > 0 && (
        <details class="section">
          <summary>{say("keys.revoked", { count: revoked.length })}</summary>
          <ul class="rows">
            {revoked.map((key) => (
              <li key={key.id} class="row">
                <div class="row-words">
                  <p class="row-title quiet">{key.label}</p>
                  <p class="quiet small">
                    {say("keys.ended")} {key.revoked_at && <Moment at={key.revoked_at} />}
                  </p>
                </div>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

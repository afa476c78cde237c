import { useState } from "preact/hooks";
import { BrandingForm, type Branding } from "./branding-form";
import { Answered, Failed, PageHead, Said, Section } from "./parts";
import { say } from "./say";
import { useAsked, useDoing, type Doing } from "./use-desk";

type Policy = {
  require_room_name: boolean;
  require_exp: boolean;
  max_lifetime_seconds: number | null;
};
export type Settings = { embed_origins: string[]; token_policy: Policy; branding: Branding };

const RECOMMENDED_HOURS = 24;

/** What a domain sets for all of its rooms: who may embed them, which tokens open them, how they look. */
export function DomainPage({ domain }: { domain: string }) {
  const path = `domains/${domain}/settings`;
  const asked = useAsked<Settings>(path);
  const doing = useDoing();
  const [said, setSaid] = useState<string | null>(null);

  async function save(changes: Partial<Settings>, done: string): Promise<void> {
    setSaid(null);
    if ((await doing.send(path, changes, "PATCH")) === null) return;
    setSaid(done);
    await asked.reload();
  }

  return (
    <>
      <PageHead title={say("domain")} hint={say("domain.hint")} />
      <Failed doing={doing} />
      <Said text={said} />
      <Answered asked={asked}>
        {(settings) => (
          <>
            <BrandingForm
              branding={settings.branding}
              doing={doing}
              onSave={(branding) => save({ branding }, say("branding.saved"))}
            />
            <PolicyForm
              policy={settings.token_policy}
              doing={doing}
              onSave={(token_policy) => save({ token_policy }, say("policy.saved"))}
            />
            <EmbedForm
              origins={settings.embed_origins}
              doing={doing}
              onSave={(embed_origins) => save({ embed_origins }, say("embed.saved"))}
            />
          </>
        )}
      </Answered>
    </>
  );
}

interface PolicyFormProps {
  policy: Policy;
  doing: Doing;
  onSave: (policy: Policy) => Promise<void>;
}

function PolicyForm({ policy, doing, onSave }: PolicyFormProps) {
  const [roomName, setRoomName] = useState(policy.require_room_name);
  const [exp, setExp] = useState(policy.require_exp);
  const [hours, setHours] = useState(inHours(policy.max_lifetime_seconds));
  const submit = (event: Event) => {
    event.preventDefault();
    const longest = hours.trim() === "" ? null : Math.round(Number(hours) * 3600);
    void onSave({ require_room_name: roomName, require_exp: exp, max_lifetime_seconds: longest });
  };
  const recommend = () => {
    setRoomName(true);
    setExp(true);
    setHours(String(RECOMMENDED_HOURS));
  };
  return (
    <Section title={say("policy")} hint={say("policy.hint")}>
      <form class="form" onSubmit={submit}>
        <Switch label={say("policy.room")} hint={say("policy.room.breaks")} on={roomName} onChange={setRoomName} />
        <Switch label={say("policy.exp")} hint={say("policy.exp.breaks")} on={exp} onChange={setExp} />
        <div class="field field-short">
          <label for="hours">{say("policy.hours")}</label>
          <input
            id="hours"
            type="number"
            min="0.1"
            max="8760"
            step="any"
            inputMode="decimal"
            value={hours}
            aria-describedby="hours-hint"
            onInput={(event) => setHours(event.currentTarget.value)}
          />
          <p id="hours-hint" class="quiet small">
            {say("policy.hours.breaks")}
          </p>
        </div>
        <div class="buttons">
          <button type="submit" class="button button-primary" aria-disabled={doing.busy}>
            {say("policy.save")}
          </button>
          <button type="button" class="button button-quiet" onClick={recommend}>
            {say("policy.recommended")}
          </button>
        </div>
      </form>
    </Section>
  );
}

interface SwitchProps {
  label: string;
  hint: string;
  on: boolean;
  onChange: (on: boolean) => void;
}

function Switch({ label, hint, on, onChange }: SwitchProps) {
  const id = label.replace(/\W+/g, "-");
  return (
    <div class="switch">
      <input id={id} type="checkbox" checked={on} aria-describedby={`${id}-hint`} onChange={() => onChange(!on)} />
      <div>
        <label for={id}>{label}</label>
        <p id={`${id}-hint`} class="quiet small">
          {hint}
        </p>
      </div>
    </div>
  );
}

interface EmbedFormProps {
  origins: readonly string[];
  doing: Doing;
  onSave: (origins: string[]) => Promise<void>;
}

function EmbedForm({ origins, doing, onSave }: EmbedFormProps) {
  const [text, setText] = useState(origins.join("\n"));
  const submit = (event: Event) => {
    event.preventDefault();
    void onSave(text.split(/\s+/).filter((each) => each !== ""));
  };
  return (
    <Section title={say("embed")} hint={say("embed.hint")}>
      <form class="form" onSubmit={submit}>
        <div class="field">
          <label for="origins">{say("embed.label")}</label>
          <textarea
            id="origins"
            rows={3}
            spellcheck={false}
            autocapitalize="none"
            placeholder="https://portal.example.org"
            value={text}
            aria-describedby="origins-hint"
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <p id="origins-hint" class="quiet small">
            {say("embed.label.hint")}
          </p>
        </div>
        <div class="buttons">
          <button type="submit" class="button button-primary" aria-disabled={doing.busy}>
            {say("embed.save")}
          </button>
        </div>
      </form>
    </Section>
  );
}

function inHours(seconds: number | null): string {
  return seconds === null ? "" : String(Number((seconds / 3600).toFixed(2)));
}

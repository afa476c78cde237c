import { useState } from "preact/hooks";
import { Answered, Failed, PageHead, Said, Section } from "./parts";
import { say } from "./say";
import { useAsked, useDoing, type Doing } from "./use-desk";

type Settings = { name: string; waiting_room: boolean; opens_minutes_before: number };
type Provider = { base_url: string | null; has_key: boolean };

/** An organization's settings, and where it has its rooms. */
export function OrganizationPage({ organization }: { organization: number }) {
  const path = `organizations/${organization}`;
  const settings = useAsked<Settings>(`${path}/settings`);
  const provider = useAsked<Provider>(`${path}/provider`);
  const doing = useDoing();
  const [said, setSaid] = useState<string | null>(null);

  async function save(at: string, method: "PATCH" | "PUT", body: object, done: string): Promise<boolean> {
    setSaid(null);
    const answer = await doing.send(`${path}/${at}`, body, method);
    if (answer === null) return false;
    setSaid(done);
    await Promise.all([settings.reload(), provider.reload()]);
    return true;
  }

  return (
    <>
      <PageHead title={say("settings")} />
      <Failed doing={doing} />
      <Said text={said} />
      <Answered asked={settings}>
        {(shown) => (
          <SettingsForm
            settings={shown}
            doing={doing}
            onSave={(changed) => save("settings", "PATCH", changed, say("settings.saved"))}
          />
        )}
      </Answered>
      {settings.value && (
        <Answered asked={provider}>
          {(shown) => (
            <ProviderForm
              provider={shown}
              doing={doing}
              onSave={(changed) => save("provider", "PUT", changed, say("provider.saved"))}
            />
          )}
        </Answered>
      )}
    </>
  );
}

interface SettingsFormProps {
  settings: Settings;
  doing: Doing;
  onSave: (settings: Settings) => Promise<boolean>;
}

function SettingsForm({ settings, doing, onSave }: SettingsFormProps) {
  const [name, setName] = useState(settings.name);
  const [waits, setWaits] = useState(settings.waiting_room);
  const [minutes, setMinutes] = useState(String(settings.opens_minutes_before));
  const submit = (event: Event) => {
    event.preventDefault();
    void onSave({ name, waiting_room: waits, opens_minutes_before: Number(minutes) });
  };
  return (
    <Section title={say("settings.appointments")}>
      <form class="form" onSubmit={submit}>
        <div class="field">
          <label for="name">{say("settings.name")}</label>
          <input id="name" required maxLength={100} value={name} onInput={(event) => setName(event.currentTarget.value)} />
          <p class="quiet small">{say("settings.name.hint")}</p>
        </div>
        <div class="field field-short">
          <label for="minutes">{say("settings.opens")}</label>
          <input
            id="minutes"
            type="number"
            required
            min={0}
            max={1440}
            value={minutes}
            onInput={(event) => setMinutes(event.currentTarget.value)}
          />
        </div>
        <div class="switch">
          <input id="waits" type="checkbox" checked={waits} aria-describedby="waits-hint" onChange={() => setWaits(!waits)} />
          <div>
            <label for="waits">{say("settings.waiting")}</label>
            <p id="waits-hint" class="quiet small">
              {say("settings.waiting.hint")}
            </p>
          </div>
        </div>
        <div class="buttons">
          <button type="submit" class="button button-primary" aria-disabled={doing.busy}>
            {say("settings.save")}
          </button>
        </div>
      </form>
    </Section>
  );
}

interface ProviderFormProps {
  provider: Provider;
  doing: Doing;
  onSave: (provider: { base_url: string | null; api_key: string }) => Promise<boolean>;
}

function ProviderForm({ provider, doing, onSave }: ProviderFormProps) {
  const [isOwn, setOwn] = useState(provider.base_url === null);
  const [address, setAddress] = useState(provider.base_url ?? "https://api.daily.co/v1");
  const [key, setKey] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    if (await onSave({ base_url: isOwn ? null : address.trim(), api_key: key.trim() })) setKey("");
  };
  const state = !provider.has_key ? "provider.none" : provider.base_url ? "provider.elsewhere" : "provider.here";
  return (
    <Section title={say("provider")} hint={say("provider.hint")}>
      <p>{say(state, { address: provider.base_url ?? "" })}</p>
      <form class="form" onSubmit={(event) => void submit(event)}>
        <fieldset class="choices">
          <legend class="visually-hidden">{say("provider")}</legend>
          <label>
            <input type="radio" name="provider" checked={isOwn} onChange={() => setOwn(true)} /> {say("provider.own")}
          </label>
          <label>
            <input type="radio" name="provider" checked={!isOwn} onChange={() => setOwn(false)} /> {say("provider.daily")}
          </label>
        </fieldset>
        {!isOwn && (
          <div class="field">
            <label for="address">{say("provider.address")}</label>
            <input
              id="address"
              type="url"
              required
              spellcheck={false}
              value={address}
              onInput={(event) => setAddress(event.currentTarget.value)}
            />
          </div>
        )}
        <div class="field">
          <label for="key">{say("provider.key")}</label>
          <input
            id="key"
            type="password"
            required
            autocomplete="off"
            spellcheck={false}
            value={key}
            aria-describedby="key-hint"
            onInput={(event) => setKey(event.currentTarget.value)}
          />
          <p id="key-hint" class="quiet small">
            {say("provider.key.hint")}
          </p>
        </div>
        <div class="buttons">
          <button type="submit" class="button button-primary" aria-disabled={doing.busy}>
            {say("provider.save")}
          </button>
        </div>
      </form>
    </Section>
  );
}

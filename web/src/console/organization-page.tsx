import { useState } from "preact/hooks";
import { AppointmentSettings } from "./appointment-settings";
import { MailSettings } from "./mail-settings";
import { Answered, Failed, Go, PageHead, Said, Section } from "./parts";
import { RecordingSettings } from "./recording-settings";
import { ProviderForm, type Provider } from "./provider-form";
import { say } from "./say";
import { undoing, type Settings } from "./settings";
import { useAsked, useDoing } from "./use-desk";

interface OrganizationPageProps {
  organization: number;
  /** The domain that the person looks after, if any. */
  domain: string | null;
}

/** An organization's settings, and where it has its rooms. */
export function OrganizationPage({ organization, domain }: OrganizationPageProps) {
  const path = `organizations/${organization}`;
  const settings = useAsked<Settings>(`${path}/settings`);
  const provider = useAsked<Provider>(`${path}/provider`);
  const doing = useDoing();
  const [said, setSaid] = useState<string | null>(null);
  const [undo, setUndo] = useState<Partial<Settings> | null>(null);
  const [round, setRound] = useState(0); // a new one fills the forms with what is stored

  async function save(before: Settings, changes: Partial<Settings>) {
    if (await change(changes, say("settings.saved"))) setUndo(undoing(before, changes));
  }

  async function change(changes: Partial<Settings>, done: string): Promise<boolean> {
    setSaid(null);
    setUndo(null);
    const answer = await doing.send(`${path}/settings`, changes, "PATCH", settings.etag);
    await settings.reload(); // also after a refusal: whoever saves again has seen what is there now
    if (answer === null) return false;
    setSaid(done);
    return true;
  }

  async function takeBack(changes: Partial<Settings>) {
    if (await change(changes, say("settings.undone"))) setRound(round + 1);
  }

  async function choose(chosen: { base_url: string | null; api_key: string }): Promise<boolean> {
    setSaid(null);
    setUndo(null);
    if ((await doing.send(`${path}/provider`, chosen, "PUT")) === null) return false;
    setSaid(say("provider.saved"));
    await provider.reload();
    return true;
  }

  async function forget() {
    setSaid(null);
    setUndo(null);
    if ((await doing.send(`${path}/provider`, undefined, "DELETE")) === null) return;
    setSaid(say("provider.forgotten"));
    await provider.reload();
  }

  return (
    <>
      <PageHead title={say("settings")} />
      <Failed doing={doing} />
      <Late isLate={doing.isLate} onShow={() => setRound(round + 1)} />
      <Said text={said} />
      {undo && Object.keys(undo).length > 0 && (
        <p>
          <button type="button" class="button button-quiet button-small" onClick={() => void takeBack(undo)}>
            {say("settings.undo")}
          </button>
        </p>
      )}
      <Answered asked={settings}>
        {(stored) => (
          <div key={round} class="parts">
            <AppointmentSettings
              settings={stored}
              isBusy={doing.busy}
              onSave={(changes) => void save(stored, changes)}
            />
            <MailSettings settings={stored} isBusy={doing.busy} onSave={(changes) => void save(stored, changes)} />
            <RecordingSettings settings={stored} isBusy={doing.busy} onSave={(changes) => void save(stored, changes)} />
          </div>
        )}
      </Answered>
      {settings.value && (
        <Answered asked={provider}>
          {(shown) => <ProviderForm provider={shown} doing={doing} onForget={forget} onSave={choose} />}
        </Answered>
      )}
      {settings.value && domain !== null && (
        <Section title={say("policy")} hint={say("settings.tokens.hint")}>
          <p>
            <Go to={{ page: "domain", domain }}>{say("way.domain")}</Go>
          </p>
        </Section>
      )}
    </>
  );
}

function Late({ isLate, onShow }: { isLate: boolean; onShow: () => void }) {
  return (
    <div class="failure" role="alert">
      {isLate && (
        <div class="notice notice-warning">
          <p class="notice-title">{say("settings.conflict")}</p>
          <p>{say("settings.conflict.hint")}</p>
          <button type="button" class="button button-quiet button-small" onClick={onShow}>
            {say("settings.stored")}
          </button>
        </div>
      )}
    </div>
  );
}

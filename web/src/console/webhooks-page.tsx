import { useRef, useState } from "preact/hooks";
import { Copy } from "./copy";
import { Answered, Confirm, Failed, Go, Moment, PageHead, Said, Section } from "./parts";
import { say } from "./say";
import { useAsked, useDoing, type Doing } from "./use-desk";

export type Webhook = {
  uuid: string;
  url: string;
  hmac: string;
  state: "ACTIVE" | "FAILED";
  failedCount: number;
  lastMomentPushed: string | null;
  eventTypes: string[];
  retryType: string;
  createdAt: string;
};

/** The addresses that are told of what happens in the domain's rooms. */
export function WebhooksPage({ domain }: { domain: string }) {
  const path = `domains/${domain}/webhooks`;
  const asked = useAsked<{ webhooks: Webhook[]; most: number }>(path);
  const doing = useDoing();
  const [said, setSaid] = useState<string | null>(null);

  async function act(at: string, method: "POST" | "PATCH" | "DELETE", body: object, done: string): Promise<boolean> {
    setSaid(null);
    const answer = await doing.send(at, body, method);
    if (answer !== null) setSaid(done);
    await asked.reload();
    return answer !== null;
  }

  return (
    <>
      <PageHead title={say("webhooks")} hint={say("webhooks.hint")} />
      <Failed doing={doing} />
      <Said text={said} />
      <Answered asked={asked}>
        {({ webhooks, most }) => (
          <>
            {webhooks.length < most ? (
              <WebhookForm
                doing={doing}
                onMake={(url) => act(path, "POST", { url }, say("webhooks.made"))}
              />
            ) : (
              <p class="quiet small">{say("webhooks.full", { count: most })}</p>
            )}
            {webhooks.map((webhook) => (
              <WebhookCard
                key={webhook.uuid}
                domain={domain}
                webhook={webhook}
                onSwitchOn={() =>
                  void act(`${path}/${webhook.uuid}`, "PATCH", {}, say("webhooks.on"))
                }
                onDelete={() => act(`${path}/${webhook.uuid}`, "DELETE", {}, say("webhooks.deleted"))}
              />
            ))}
          </>
        )}
      </Answered>
    </>
  );
}

function WebhookForm({ doing, onMake }: { doing: Doing; onMake: (url: string) => Promise<boolean> }) {
  const [url, setUrl] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (url.trim() === "") field.current?.focus();
    else if (await onMake(url.trim())) setUrl("");
  };
  return (
    <Section title={say("webhooks.create")}>
      <form class="row-form" noValidate onSubmit={(event) => void submit(event)}>
        <div class="field">
          <label for="url">{say("webhooks.url")}</label>
          <input
            ref={field}
            id="url"
            type="url"
            inputMode="url"
            autocapitalize="none"
            spellcheck={false}
            placeholder="https://clinic.example.org/video-events"
            value={url}
            aria-describedby="url-hint"
            onInput={(event) => setUrl(event.currentTarget.value)}
          />
          <p id="url-hint" class="quiet small">
            {say("webhooks.url.hint")}
          </p>
        </div>
        <button type="submit" class="button button-primary" aria-disabled={doing.busy}>
          {say(doing.busy ? "webhooks.checking" : "webhooks.create")}
        </button>
      </form>
    </Section>
  );
}

interface WebhookCardProps {
  domain: string;
  webhook: Webhook;
  onSwitchOn: () => void;
  onDelete: () => Promise<unknown>;
}

function WebhookCard({ domain, webhook, onSwitchOn, onDelete }: WebhookCardProps) {
  const { uuid, url, hmac, state, failedCount, lastMomentPushed, eventTypes } = webhook;
  return (
    <section class="section">
      <div class="section-head">
        <h2 class="link-text">{url}</h2>
        <p>
          <span class={`chip ${state === "ACTIVE" ? "chip-good" : "chip-bad"}`}>{say(`webhooks.state.${state}`)}</span>
        </p>
      </div>
      {state === "FAILED" && <p class="notice notice-danger">{say("webhooks.failed")}</p>}
      <dl class="facts">
        <div>
          <dt>{say("webhooks.last")}</dt>
          <dd>{lastMomentPushed ? <Moment at={lastMomentPushed} /> : say("webhooks.never")}</dd>
        </div>
        <div>
          <dt>{say("webhooks.failures")}</dt>
          <dd>{failedCount}</dd>
        </div>
        <div>
          <dt>{say("webhooks.secret")}</dt>
          <dd>
            <Copy
              text={hmac}
              label={say("webhooks.secret.copy")}
              of={say("webhooks.secret.of", { url })}
              done={say("webhooks.secret.copied")}
              byHand={say("webhooks.secret")}
            />
          </dd>
        </div>
        <div>
          <dt>{say("webhooks.events")}</dt>
          <dd>{say("webhooks.events.count", { count: eventTypes.length })}</dd>
        </div>
      </dl>
      <div class="buttons">
        <Go to={{ page: "webhook", domain, webhook: uuid }} class="button button-quiet button-small">
          {say("webhooks.deliveries")}
        </Go>
        <button type="button" class="button button-quiet button-small" onClick={onSwitchOn}>
          {say(state === "FAILED" ? "webhooks.switch-on" : "webhooks.test")}
        </button>
        <Confirm
          label={say("webhooks.delete")}
          of={url}
          question={say("webhooks.delete.question")}
          hint={say("webhooks.delete.hint")}
          yes={say("webhooks.delete.yes")}
          onYes={onDelete}
        />
      </div>
    </section>
  );
}

import { useState } from "preact/hooks";
import { Answered, Failed, Go, Moment, PageHead, Said } from "./parts";
import { say } from "./say";
import { useAsked, useDoing } from "./use-desk";

const STATES = ["waiting", "delivered", "quarantined"] as const;
type DeliveryState = (typeof STATES)[number];

type Attempt = { at: string; status: number | null; durationMs: number; error: string | null };
type Delivery = {
  id: number;
  eventId: string;
  eventType: string;
  room: string;
  payload: unknown;
  createdAt: string;
  state: DeliveryState;
  replayed: boolean;
  nextAttemptAt: string | null;
  error: string | null;
  attempts: Attempt[];
};
type Deliveries = { total_count: number; data: Delivery[] };

interface WebhookPageProps {
  domain: string;
  webhook: string;
}

/** What was sent to a webhook and what came of it, with a way to send it again. */
export function WebhookPage({ domain, webhook }: WebhookPageProps) {
  const path = `domains/${domain}/webhooks/${webhook}/deliveries`;
  const [state, setState] = useState<DeliveryState | "">("");
  const [before, setBefore] = useState<number[]>([]);
  const said = new URLSearchParams({
    ...(state && { state }),
    ...(before.length > 0 && { starting_after: String(before.at(-1)) }),
  });
  const asked = useAsked<Deliveries>(`${path}?${said}`);
  const doing = useDoing();
  const [done, setDone] = useState<string | null>(null);

  async function replay({ id, eventType }: Delivery) {
    setDone(null);
    if ((await doing.send(`${path}/${id}/replay`)) !== null) setDone(say("delivery.replayed", { type: eventType }));
    await asked.reload();
  }

  return (
    <>
      <p class="back">
        <Go to={{ page: "webhooks", domain }}>{say("deliveries.back")}</Go>
      </p>
      <PageHead title={say("deliveries")} hint={say("deliveries.hint")}>
        <label class="inline-choice">
          <span>{say("deliveries.state")}</span>
          <select
            value={state}
            onChange={(event) => {
              setBefore([]);
              setState(event.currentTarget.value as DeliveryState | "");
            }}
          >
            <option value="">{say("deliveries.all")}</option>
            {STATES.map((each) => (
              <option key={each} value={each}>
                {say(`delivery.${each}`)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="button button-quiet" onClick={() => void asked.reload()}>
          {say("refresh")}
        </button>
      </PageHead>
      <Failed doing={doing} />
      <Said text={done} />
      <Answered asked={asked}>
        {({ data }) =>
          data.length === 0 ? (
            <div class="empty">
              <p class="empty-title">{say("deliveries.none")}</p>
              <p class="quiet">{say("deliveries.none.hint")}</p>
            </div>
          ) : (
            <>
              <ul class="rows rows-card">
                {data.map((delivery) => (
                  <DeliveryRow key={delivery.id} delivery={delivery} onReplay={() => void replay(delivery)} />
                ))}
              </ul>
              <nav class="buttons" aria-label={say("pages")}>
                {before.length > 0 && (
                  <button type="button" class="button button-quiet" onClick={() => setBefore(before.slice(0, -1))}>
                    {say("pages.newer")}
                  </button>
                )}
                {data.length === 25 && (
                  <button
                    type="button"
                    class="button button-quiet"
                    onClick={() => setBefore([...before, data.at(-1)?.id ?? 0])}
                  >
                    {say("pages.older")}
                  </button>
                )}
              </nav>
            </>
          )
        }
      </Answered>
    </>
  );
}

const TONES: Record<DeliveryState, string> = {
  waiting: "chip-attention",
  delivered: "chip-good",
  quarantined: "chip-bad",
};

function DeliveryRow({ delivery, onReplay }: { delivery: Delivery; onReplay: () => void }) {
  const { eventType, room, createdAt, state, attempts, nextAttemptAt, error, replayed } = delivery;
  return (
    <li class="row row-tall">
      <div class="row-words">
        <p class="row-title">
          <code>{eventType}</code> <span class={`chip ${TONES[state]}`}>{say(`delivery.${state}`)}</span>{" "}
          {replayed && <span class="chip">{say("delivery.again")}</span>}
        </p>
        <p class="quiet small">
          {say("delivery.room", { room })} · <Moment at={createdAt} />
        </p>
        {error && <p class="small failed">{error}</p>}
        {state === "waiting" && nextAttemptAt && (
          <p class="quiet small">
            {say("delivery.next")} <Moment at={nextAttemptAt} />
          </p>
        )}
        <details class="more">
          <summary>
            {say("delivery.more")}
            <span class="visually-hidden"> {say("delivery.of", { type: eventType, room })}</span>
          </summary>
          <ol class="tries">
            {attempts.map((attempt) => (
              <li key={attempt.at}>
                <Moment at={attempt.at} />: {attempt.status ?? attempt.error}, {attempt.durationMs} ms
              </li>
            ))}
          </ol>
          <pre class="payload" tabIndex={0}>
            {JSON.stringify(delivery.payload, null, 2)}
          </pre>
        </details>
      </div>
      <button type="button" class="button button-quiet button-small" onClick={onReplay}>
        {say(state === "waiting" ? "delivery.now" : "delivery.replay")}
        <span class="visually-hidden"> {say("delivery.of", { type: eventType, room })}</span>
      </button>
    </li>
  );
}

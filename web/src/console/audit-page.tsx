import { useState } from "preact/hooks";
import { details, what, who, type AuditEvent } from "./happened";
import { Answered, Failed, Go, Moment, PageHead } from "./parts";
import { say } from "./say";
import { useAsked, useDoing } from "./use-desk";

type Page = { total_count: number; data: AuditEvent[] };

interface AuditPageProps {
  organization: number;
  isAdmin: boolean;
}

/** Everything that happened in an organization, with a proof that nobody changed it. */
export function AuditPage({ organization, isAdmin }: AuditPageProps) {
  const path = `organizations/${organization}/audit`;
  const [before, setBefore] = useState<number[]>([]);
  const asked = useAsked<Page>(before.length > 0 ? `${path}?before=${before.at(-1)}` : path);
  const doing = useDoing();
  const [broken, setBroken] = useState<{ at: number | null } | null>(null);

  async function verify() {
    const answer = await doing.ask<{ first_break: number | null }>(`${path}/verification`);
    setBroken(answer && { at: answer.first_break });
  }

  return (
    <>
      <PageHead title={say("audit")} hint={say("audit.hint")}>
        <button type="button" class="button button-quiet" aria-disabled={doing.busy} onClick={() => void verify()}>
          {say("audit.verify")}
        </button>
        {isAdmin &&
          (["csv", "jsonl"] as const).map((kind) => (
            <a key={kind} class="button button-quiet" href={`/console/api/${path}/export?kind=${kind}`} download>
              {say(`audit.export.${kind}`)}
            </a>
          ))}
      </PageHead>
      <Failed doing={doing} />
      <div class="said" role="status">
        {broken && (
          <p class={`notice ${broken.at === null ? "notice-good" : "notice-danger"}`}>
            {broken.at === null ? say("audit.whole") : say("audit.broken", { number: broken.at })}
          </p>
        )}
      </div>
      <Answered asked={asked}>
        {({ data, total_count }) =>
          total_count === 0 ? (
            <div class="empty">
              <p class="empty-title">{say("audit.none")}</p>
            </div>
          ) : (
            <>
              <ul class="rows rows-card">
                {data.map((event) => (
                  <EventRow key={event.sequence} event={event} organization={organization} />
                ))}
              </ul>
              <nav class="buttons" aria-label={say("pages")}>
                {before.length > 0 && (
                  <button type="button" class="button button-quiet" onClick={() => setBefore(before.slice(0, -1))}>
                    {say("pages.newer")}
                  </button>
                )}
                {(data.at(-1)?.sequence ?? 1) > 1 && (
                  <button
                    type="button"
                    class="button button-quiet"
                    onClick={() => setBefore([...before, data.at(-1)?.sequence ?? 0])}
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

function EventRow({ event, organization }: { event: AuditEvent; organization: number }) {
  const { sequence, appointment_id } = event;
  return (
    <li class="row row-tall">
      <div class="row-words">
        <p class="row-title">{what(event)}</p>
        <p class="quiet small">
          <Moment at={event.at} /> · {who(event.actor)}
          {appointment_id !== null && (
            <>
              {" · "}
              <Go to={{ page: "appointment", organization, appointment: appointment_id }}>
                {say("appointment", { number: appointment_id })}
              </Go>
            </>
          )}
        </p>
        {details(event).length > 0 && <p class="quiet small">{details(event).join(" · ")}</p>}
      </div>
      <span class="quiet small">{say("audit.number", { number: sequence })}</span>
    </li>
  );
}

import { useState } from "preact/hooks";
import { who } from "./happened";
import { Answered, Failed, Go, Moment, PageHead, Said } from "./parts";
import { say } from "./say";
import { useAsked, useDoing } from "./use-desk";

const CODES = [
  "ROOM_JOIN_FAILED",
  "TOKEN_EXPIRED",
  "MEDIA_DEVICE_ERROR",
  "NETWORK_DISCONNECT",
  "RECORDING_FAILED",
] as const;

type Report = {
  id: number;
  at: string;
  reporter: string;
  appointment_id: number | null;
  message: string;
  stack_trace: string | null;
};
type Group = { code: (typeof CODES)[number]; count: number; open_count: number; last_at: string; newest: Report[] };

interface ReportsPageProps {
  organization: number;
  pulse: number;
}

/** What went wrong in people's browsers, by kind. */
export function ReportsPage({ organization, pulse }: ReportsPageProps) {
  const path = `organizations/${organization}/reports`;
  const asked = useAsked<{ groups: Group[] }>(path, pulse);
  const doing = useDoing();
  const [said, setSaid] = useState<string | null>(null);

  async function handle({ code, newest }: Group) {
    setSaid(null);
    const done = await doing.send(`${path}/${code}/handled`, { up_to: newest[0]?.id ?? 1 });
    if (done !== null) setSaid(say("reports.done", { what: say(`code.${code}`) }));
    await asked.reload();
  }

  return (
    <>
      <PageHead title={say("reports")} hint={say("reports.hint")} />
      <Failed doing={doing} />
      <Said text={said} />
      <Answered asked={asked}>
        {({ groups }) =>
          groups.length === 0 ? (
            <div class="empty">
              <p class="empty-title">{say("reports.none")}</p>
              <p class="quiet">{say("reports.none.hint")}</p>
            </div>
          ) : (
            groups.map((group) => (
              <GroupCard key={group.code} group={group} organization={organization} onHandle={() => void handle(group)} />
            ))
          )
        }
      </Answered>
    </>
  );
}

interface GroupCardProps {
  group: Group;
  organization: number;
  onHandle: () => void;
}

function GroupCard({ group, organization, onHandle }: GroupCardProps) {
  const { code, count, open_count, last_at, newest } = group;
  return (
    <section class="section">
      <div class="section-head">
        <h2>{say(`code.${code}`)}</h2>
        <span class={`chip ${open_count > 0 ? "chip-attention" : "chip-good"}`}>
          {open_count > 0 ? say("reports.open", { count: open_count }) : say("reports.handled")}
        </span>
        <p class="quiet small">
          {say("reports.count", { count })} <Moment at={last_at} />. <code>{code}</code>
        </p>
      </div>
      <ul class="rows">
        {newest.map((report) => (
          <li key={report.id} class="row row-tall">
            <div class="row-words">
              <p>{report.message}</p>
              <p class="quiet small">
                <Moment at={report.at} /> · {who(report.reporter)}
                {report.appointment_id !== null && (
                  <>
                    {" · "}
                    <Go to={{ page: "appointment", organization, appointment: report.appointment_id }}>
                      {say("appointment", { number: report.appointment_id })}
                    </Go>
                  </>
                )}
              </p>
              {report.stack_trace && (
                <details class="more">
                  <summary>{say("reports.trace")}</summary>
                  <pre class="payload" tabIndex={0}>
                    {report.stack_trace}
                  </pre>
                </details>
              )}
            </div>
          </li>
        ))}
      </ul>
      {open_count > 0 && (
        <div class="buttons">
          <button type="button" class="button button-quiet button-small" onClick={onHandle}>
            {say("reports.handle")}
            <span class="visually-hidden"> {say(`code.${code}`)}</span>
          </button>
        </div>
      )}
    </section>
  );
}

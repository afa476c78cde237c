import { useState } from "preact/hooks";
import type { Appointment } from "./api";
import { CopyLink } from "./copy-link";
import { Diagnosis } from "./diagnosis";
import { details, what, who, type AuditEvent } from "./happened";
import { Answered, Go, Moment, PageHead, Section } from "./parts";
import { Room } from "./room";
import { locale, say } from "./say";
import { useAsked, useDoing } from "./use-desk";

type Shown = {
  appointment: Appointment;
  room_name: string | null;
  room_url: string | null;
  events: AuditEvent[];
};

interface AppointmentPageProps {
  organization: number;
  appointment: number;
  pulse: number;
}

/** One appointment: its room, its links, why somebody cannot join, and everything that happened to it. */
export function AppointmentPage({ organization, appointment, pulse }: AppointmentPageProps) {
  const path = `organizations/${organization}/appointments/${appointment}`;
  const asked = useAsked<Shown>(path, pulse);
  const doing = useDoing();

  async function retry() {
    await doing.send(`${path}/retry-room`);
    await asked.reload();
  }

  return (
    <>
      <p class="back">
        <Go to={{ page: "board", organization, day: null }}>{say("way.board")}</Go>
      </p>
      <PageHead title={say("appointment", { number: appointment })} />
      <Answered asked={asked}>
        {(shown) => (
          <>
            <Facts appointment={shown.appointment} />
            <Section title={say("column.room")}>
              <Room
                appointment={shown.appointment}
                retry={doing.busy ? "busy" : doing.failed ? { failed: doing.failed } : undefined}
                onRetry={() => void retry()}
              />
              {shown.room_name && (
                <p class="quiet small">
                  {say("appointment.room-name")} <code>{shown.room_name}</code>
                </p>
              )}
            </Section>
            <Diagnosis path={`${path}/diagnosis`} />
            <TimeLine events={shown.events} />
          </>
        )}
      </Answered>
    </>
  );
}

function Facts({ appointment }: { appointment: Appointment }) {
  const format = new Intl.DateTimeFormat(locale(), { dateStyle: "full", timeStyle: "short" });
  const [start, end] = [new Date(appointment.started_at), new Date(appointment.ended_at)];
  const people = [
    ["column.specialist", appointment.specialist_name, appointment.specialist_url],
    ["column.patient", appointment.patient_name, appointment.patient_url],
  ] as const;
  return (
    <section class="section" aria-label={say("appointment.facts")}>
      <dl class="facts">
        <div>
          <dt>{say("column.time")}</dt>
          <dd>{format.formatRange(start, end)}</dd>
        </div>
        <div>
          <dt>{say("column.status")}</dt>
          <dd>
            <span class={`chip chip-${appointment.status}`}>{say(`status.${appointment.status}`)}</span>
          </dd>
        </div>
        {people.map(([kind, name, link]) => (
          <div key={kind}>
            <dt>{say(kind)}</dt>
            <dd class="who">
              {name} <CopyLink name={name} link={link} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const FIRST_SHOWN = 12;

function TimeLine({ events }: { events: readonly AuditEvent[] }) {
  const [isWhole, setWhole] = useState(false);
  const newest = [...events].reverse();
  const shown = isWhole ? newest : newest.slice(0, FIRST_SHOWN);
  return (
    <Section title={say("appointment.history")}>
      <ol class="time-line">
        {shown.map((event) => (
          <li key={event.sequence}>
            <p class="row-title">{what(event)}</p>
            <p class="quiet small">
              <Moment at={event.at} /> · {who(event.actor)}
            </p>
            {details(event).map((detail) => (
              <p key={detail} class="quiet small">
                {detail}
              </p>
            ))}
          </li>
        ))}
      </ol>
      {shown.length < newest.length && (
        <div class="buttons">
          <button type="button" class="button button-quiet button-small" onClick={() => setWhole(true)}>
            {say("appointment.history.all", { count: newest.length })}
          </button>
        </div>
      )}
    </Section>
  );
}

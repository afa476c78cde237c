import type { Appointment } from "./api";
import { CopyLink } from "./copy-link";
import { Go } from "./parts";
import { Room } from "./room";
import { locale, say } from "./say";
import type { State } from "./state";

interface AppointmentsProps {
  appointments: readonly Appointment[];
  organization: number;
  retries: State["retries"];
  /** Whoever waits, by appointment. */
  waiting: ReadonlySet<number>;
  onRetry: (appointment: number) => void;
}

/** The appointments where there is room for a table. */
export function Table({ appointments, organization, retries, waiting, onRetry }: AppointmentsProps) {
  return (
    <table class="appointments">
      <thead>
        <tr>
          <th scope="col">{say("column.time")}</th>
          <th scope="col">{say("column.specialist")}</th>
          <th scope="col">{say("column.patient")}</th>
          <th scope="col">{say("column.status")}</th>
          <th scope="col">{say("column.room")}</th>
        </tr>
      </thead>
      <tbody>
        {appointments.map((appointment) => (
          <tr key={appointment.id} data-appointment={appointment.id}>
            <th scope="row">
              <Time appointment={appointment} organization={organization} />
            </th>
            <td>
              <Person name={appointment.specialist_name} link={appointment.specialist_url} />
            </td>
            <td>
              <Person name={appointment.patient_name} link={appointment.patient_url} />
            </td>
            <td>
              <Status appointment={appointment} isWaiting={waiting.has(appointment.id)} />
            </td>
            <td>
              <Room appointment={appointment} retry={retries[appointment.id]} onRetry={onRetry} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The appointments on a narrow screen. */
export function Cards({ appointments, organization, retries, waiting, onRetry }: AppointmentsProps) {
  return (
    <ul class="cards">
      {appointments.map((appointment) => (
        <li key={appointment.id} class="card" data-appointment={appointment.id}>
          <div class="card-top">
            <h2>
              <Time appointment={appointment} organization={organization} />
            </h2>
            <Status appointment={appointment} isWaiting={waiting.has(appointment.id)} />
          </div>
          <dl>
            <div>
              <dt>{say("column.specialist")}</dt>
              <dd>
                <Person name={appointment.specialist_name} link={appointment.specialist_url} />
              </dd>
            </div>
            <div>
              <dt>{say("column.patient")}</dt>
              <dd>
                <Person name={appointment.patient_name} link={appointment.patient_url} />
              </dd>
            </div>
            <div class="card-room">
              <dt>{say("column.room")}</dt>
              <dd>
                <Room appointment={appointment} retry={retries[appointment.id]} onRetry={onRetry} />
              </dd>
            </div>
          </dl>
        </li>
      ))}
    </ul>
  );
}

/** When it is; leads to the page of the appointment. */
function Time({ appointment, organization }: { appointment: Appointment; organization: number }) {
  const format = new Intl.DateTimeFormat(locale(), { timeStyle: "short" });
  const [start, end] = [new Date(appointment.started_at), new Date(appointment.ended_at)];
  return (
    <Go to={{ page: "appointment", organization, appointment: appointment.id }} class="time">
      <time dateTime={appointment.started_at}>{format.formatRange(start, end)}</time>
    </Go>
  );
}

function Status({ appointment: { status }, isWaiting }: { appointment: Appointment; isWaiting: boolean }) {
  return (
    <>
      <span class={`chip chip-${status}`}>{say(`status.${status}`)}</span>
      {isWaiting && <span class="chip chip-attention">{say("knocks.here")}</span>}
    </>
  );
}

function Person({ name, link }: { name: string; link: string }) {
  return (
    <div class="who">
      <span>{name}</span>
      <CopyLink name={name} link={link} />
    </div>
  );
}

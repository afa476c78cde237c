import { useEffect } from "preact/hooks";
import { Brand } from "../ui/brand";
import { useStore } from "../ui/use-store";
import type { Appointment } from "./appointment";
import { useJoinPage } from "./context";
import { TimeLeft } from "./time-left";
import { Mark } from "./mark";
import { view, type Failure, type View } from "./view";
import type { Visit } from "./visit";
import { spokenMoment, when } from "./when";

/** The whole join page. */
export function JoinPage({ visit }: { visit: Visit }) {
  const { say, locale } = useJoinPage();
  const page = useStore(visit.store);
  const shown = view(page);
  const appointment = typeof page.link === "string" ? null : page.link;
  const values = appointment ? valuesOf(appointment, locale) : {};
  const status = say(shown.status, values);

  useEffect(() => {
    document.title = appointment ? `${status} · ${say("titleWith", values)}` : status;
  });

  return (
    <main class="page">
      <article class="card">
        <Brand />
        {appointment && <p class="organization">{appointment.organization_name}</p>}
        <h1>{appointment ? say("titleWith", values) : say("title")}</h1>
        {appointment && <Facts appointment={appointment} />}
        <section class={`status status-${shown.tone}`}>
          <Mark tone={shown.tone} busy={shown.status === "loading" || shown.status === "pending"} />
          <div class="status-words">
            <div role="status">
              <p class="status-text">{status}</p>
              {shown.hint && <p class="status-hint">{say(shown.hint, values)}</p>}
            </div>
            {shown.opensAt !== null && <TimeLeft opensAt={shown.opensAt} />}
          </div>
        </section>
        <Door shown={shown} onJoin={() => void visit.join()} />
        <Connection connection={shown.connection} />
      </article>
    </main>
  );
}

function valuesOf(appointment: Appointment, locale: string) {
  return {
    other: appointment.other_name,
    organization: appointment.organization_name,
    opens: spokenMoment(appointment.opens_at, new Date(appointment.now), locale),
  };
}

function Facts({ appointment }: { appointment: Appointment }) {
  const { say, locale } = useJoinPage();
  const { time, zone } = when(appointment.started_at, appointment.ended_at, locale);
  return (
    <dl class="facts">
      <div>
        <dt>{say("when")}</dt>
        <dd>
          <time dateTime={appointment.started_at} lang={locale}>
            {time}
          </time>
          <span class="zone" lang={locale}>
            {zone}
          </span>
        </dd>
      </div>
      <div>
        <dt>{say("you")}</dt>
        <dd>{appointment.your_name}</dd>
      </div>
    </dl>
  );
}

function Door({ shown, onJoin }: { shown: View; onJoin: () => void }) {
  const { say } = useJoinPage();
  if (shown.button === "none") return null;
  const busy = shown.button === "busy";
  return (
    <div class="door">
      <button type="button" class="button button-primary join" aria-disabled={busy} onClick={onJoin}>
        {busy ? say("button.busy") : say("button")}
      </button>
      <div class="failure" role="alert">
        {shown.failure && <Unavailable failure={shown.failure} />}
      </div>
    </div>
  );
}

function Unavailable({ failure }: { failure: Failure }) {
  const { say } = useJoinPage();
  return (
    <div class="notice notice-danger">
      <p class="notice-title">{say("unavailable")}</p>
      <p>{say("unavailable.hint")}</p>
      {failure.room && (
        <p>
          {say("unavailable.room")} <a href={failure.room}>{say("unavailable.link")}</a>
        </p>
      )}
    </div>
  );
}

function Connection({ connection }: { connection: View["connection"] }) {
  const { say } = useJoinPage();
  return (
    <div class="connection" role="status">
      {connection && (
        <div class="notice notice-warning">
          <p class="notice-title">{say(connection)}</p>
          <p>{say(`${connection}.hint`)}</p>
        </div>
      )}
    </div>
  );
}

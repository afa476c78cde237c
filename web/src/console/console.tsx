import { useEffect } from "preact/hooks";
import { Heading } from "../ui/heading";
import { useStore } from "../ui/use-store";
import type { Session } from "./api";
import { AppointmentPage } from "./appointment-page";
import { AuditPage } from "./audit-page";
import { BoardPage } from "./board-page";
import type { Desk } from "./desk";
import { DomainPage } from "./domain-page";
import { Frame } from "./frame";
import { KeysPage } from "./keys-page";
import { OrganizationPage } from "./organization-page";
import { PeoplePage } from "./people-page";
import { RecordingsPage } from "./recordings-page";
import { ReportsPage } from "./reports-page";
import { Go } from "./parts";
import { addressOf } from "./place";
import { say } from "./say";
import { SignIn } from "./sign-in";
import type { State } from "./state";
import { TeamPage } from "./team-page";
import { DeskContext } from "./use-desk";
import { WebhookPage } from "./webhook-page";
import { WebhooksPage } from "./webhooks-page";

/** The whole console. */
export function Console({ desk }: { desk: Desk }) {
  const state = useStore(desk.store);
  const { session } = state;
  const isOutside = typeof session === "string" || "reason" in session;

  useEffect(() => {
    if (isOutside) document.title = `${say("sign-in")} · ${say("title")}`;
  }, [isOutside, state.language]);

  if (session === "loading" || session === "unreachable") {
    return <Waiting isUnreachable={session === "unreachable"} />;
  }
  if ("reason" in session) {
    return (
      <SignIn
        state={session}
        language={state.language}
        onLanguage={(language) => void desk.speak(language)}
        onSignIn={(email, password) => void desk.signIn(email, password)}
      />
    );
  }
  return (
    <DeskContext.Provider value={desk}>
      <Frame state={state} session={session}>
        <Page state={state} session={session} />
      </Frame>
    </DeskContext.Provider>
  );
}

/** The page of the place. Its key makes it anew at each place, so that its heading takes the focus. */
function Page({ state, session }: { state: State; session: Session }) {
  const { place } = state;
  switch (place.page) {
    case "board":
      return <BoardPage key="board" state={state} session={session} />;
    case "appointment":
      return (
        <AppointmentPage
          key={addressOf(place)}
          organization={place.organization}
          appointment={place.appointment}
          pulse={state.pulse}
        />
      );
    case "people":
      return <PeoplePage key={addressOf(place)} organization={place.organization} />;
    case "organization":
      return (
        <OrganizationPage
          key={addressOf(place)}
          organization={place.organization}
          domain={state.domains?.[0]?.id ?? null}
        />
      );
    case "audit":
      return <AuditPage key={addressOf(place)} organization={place.organization} isAdmin={isAdmin(state)} />;
    case "recordings":
      return <RecordingsPage key={addressOf(place)} organization={place.organization} pulse={state.pulse} />;
    case "reports":
      return <ReportsPage key={addressOf(place)} organization={place.organization} pulse={state.pulse} />;
    case "keys":
      return <KeysPage key={addressOf(place)} domain={place.domain} />;
    case "team":
      return <TeamPage key={addressOf(place)} domain={place.domain} me={session.user.id} />;
    case "domain":
      return <DomainPage key={addressOf(place)} domain={place.domain} />;
    case "webhooks":
      return <WebhooksPage key={addressOf(place)} domain={place.domain} />;
    case "webhook":
      return <WebhookPage key={addressOf(place)} domain={place.domain} webhook={place.webhook} />;
    default:
      return <Nowhere key="nowhere" />;
  }
}

function isAdmin({ organizations, organization }: State): boolean {
  return organizations?.find(({ id }) => id === organization)?.role === "admin";
}

function Nowhere() {
  return (
    <div class="empty">
      <Heading>{say("nowhere")}</Heading>
      <p>
        <Go to={{ page: "board", organization: null, day: null }}>{say("nowhere.back")}</Go>
      </p>
    </div>
  );
}

function Waiting({ isUnreachable }: { isUnreachable: boolean }) {
  return (
    <main class="waiting">
      <h1 class="visually-hidden">{say("title")}</h1>
      <div role="status">
        {isUnreachable ? (
          <div class="notice notice-warning">
            <p class="notice-title">{say("unreachable")}</p>
            <p>{say("unreachable.hint")}</p>
          </div>
        ) : (
          <p class="quiet">{say("loading")}</p>
        )}
      </div>
    </main>
  );
}

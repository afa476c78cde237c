import type { Session } from "./api";
import { Board } from "./board";
import { DayNavigation } from "./day-navigation";
import type { Desk } from "./desk";
import { say } from "./say";
import type { State } from "./state";
import { Wordmark } from "../ui/wordmark";

interface BoardPageProps {
  desk: Desk;
  state: State;
  session: Session;
}

/** What a signed-in person sees: who they are, where, and a day's appointments. */
export function BoardPage({ desk, state, session }: BoardPageProps) {
  return (
    <>
      <header class="top">
        <Wordmark name={say("product")} />
        <OrganizationChoice desk={desk} state={state} />
        <div class="person">
          <span class="person-name">{session.user.name}</span>
          <button type="button" class="button button-quiet" onClick={() => void desk.signOut()}>
            {say("sign-out")}
          </button>
        </div>
      </header>
      <main class="inside">
        {state.organizations?.length === 0 ? (
          <NoOrganization session={session} />
        ) : (
          <>
            <DayNavigation
              day={state.day}
              onChoose={(day) => desk.lookAt(state.organization, day)}
            />
            <Board
              state={state}
              onRetry={(appointment) => void desk.retryRoom(appointment)}
            />
          </>
        )}
      </main>
    </>
  );
}

function OrganizationChoice({ desk, state }: { desk: Desk; state: State }) {
  const organizations = state.organizations ?? [];
  const [only] = organizations;
  if (only && organizations.length === 1) return <p class="organization">{only.name}</p>;
  if (!only) return null;
  return (
    <label class="organization">
      <span class="visually-hidden">{say("organization")}</span>
      <select
        value={String(state.organization)}
        onChange={(event) => desk.lookAt(Number(event.currentTarget.value), state.day)}
      >
        {organizations.map(({ id, name }) => (
          <option key={id} value={String(id)}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function NoOrganization({ session }: { session: Session }) {
  const isInTeam = session.memberships.some(({ scope }) => scope.startsWith("domain:"));
  const text = isInTeam ? "only-team" : "no-organization";
  return (
    <div class="empty">
      <h1>{say(text)}</h1>
      <p>{say(`${text}.hint`, { email: session.user.email })}</p>
    </div>
  );
}

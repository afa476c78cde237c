import { useEffect } from "preact/hooks";
import { Heading } from "../ui/heading";
import type { Session } from "./api";
import { Board } from "./board";
import { DayNavigation } from "./day-navigation";
import { say } from "./say";
import type { State } from "./state";
import { useDesk } from "./use-desk";

interface BoardPageProps {
  state: State;
  session: Session;
}

/** A day's appointments. */
export function BoardPage({ state, session }: BoardPageProps) {
  const desk = useDesk();
  useEffect(() => {
    document.title = say("title");
  }, [state.language]);
  if (state.organizations?.length === 0) return <NoOrganization session={session} />;
  return (
    <>
      <DayNavigation day={state.day} onChoose={(day) => desk.lookAt(state.organization, day)} />
      <Board state={state} onRetry={(appointment) => void desk.retryRoom(appointment)} />
    </>
  );
}

function NoOrganization({ session }: { session: Session }) {
  const isInTeam = session.memberships.some(({ scope }) => scope.startsWith("domain:"));
  const text = isInTeam ? "only-team" : "no-organization";
  return (
    <div class="empty">
      <Heading>{say(text)}</Heading>
      <p>{say(`${text}.hint`, { email: session.user.email })}</p>
    </div>
  );
}

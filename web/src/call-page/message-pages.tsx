import { useEffect } from "preact/hooks";
import type { Because, EndReason, RefusalReason, RoomView } from "../protocol/messages.gen";
import { Heading } from "../ui/heading";
import { Icon, type IconName } from "../ui/icon";
import { useCallPage, usePresentation } from "./context";
import { exitOf } from "./exit";
import { spokenTime } from "./spoken-time";

// Where to go afterwards is then the business of the page around.
const isFramed = window.parent !== window;

/** Shown until the server has said what the room is. */
export function Loading({ unreachable }: { unreachable: boolean }) {
  const { say } = useCallPage();
  return (
    <main class="message" aria-busy="true">
      <span class="spinner" aria-hidden="true" />
      <p role="status">{say(unreachable ? "loading.unreachable" : "loading")}</p>
    </main>
  );
}

type Ending = EndReason | "defect" | "left";

const ENDING_SIGNS: Partial<Record<Ending, IconName>> = {
  "room-expired": "clock",
  "time-over": "clock",
  denied: "lock",
  defect: "warning",
};

/** What the page is about, at a glance; the heading says it in words. */
function Sign({ name }: { name: IconName }) {
  return (
    <span class="message-sign">
      <Icon name={name} />
    </span>
  );
}

type Refusal = { reason: RefusalReason; at: number | null; because: Because | null };

/** Why the person cannot enter, and what they can do. */
export function RefusedPage({ reason, at, because }: Refusal) {
  const { call, say, locale } = useCallPage();
  const { driven } = usePresentation();
  const hasTime = reason === "exp-room" || reason === "nbf-room" || reason === "nbf-token" || reason === "exp-token";
  const body =
    hasTime && at !== null
      ? say(`refused.${reason}.at`, { time: spokenTime(at, new Date(), say, locale) })
      : say(because === null ? `refused.${reason}.body` : `refused.${because}.body`);
  return (
    <main class="message">
      <Sign name={hasTime ? "clock" : reason === "meeting-full" ? "people" : "lock"} />
      <Heading>{say(`refused.${reason}`)}</Heading>
      <p>{body}</p>
      {reason === "end-of-life" && <ReloadButton />}
      {reason === "meeting-full" && !driven && (
        <button type="button" class="button button-primary" onClick={() => call.again()}>
          {say("again.try")}
        </button>
      )}
      <AppointmentLink />
    </main>
  );
}

/** The person is out: what happened, and what they can do. */
export function LeavePage({ reason, room }: { reason: Ending; room: RoomView | null }) {
  const { call, say } = useCallPage();
  const { driven } = usePresentation();
  const wayBack = { left: "again.join", replaced: "again.here" } as const;
  const goesOn = reason === "replaced" || reason === "defect";
  const isRedirected = useExit(goesOn || isFramed ? null : room);
  return (
    <main class="message">
      <Sign name={ENDING_SIGNS[reason] ?? "leave"} />
      <Heading>{say(`ended.${reason}`)}</Heading>
      <p>{say(isRedirected ? "ended.redirecting" : `ended.${reason}.body`)}</p>
      {reason === "defect" && <ReloadButton />}
      {(reason === "left" || reason === "replaced") && !driven && (
        <button type="button" class="button button-primary" onClick={() => call.again()}>
          {say(wayBack[reason])}
        </button>
      )}
      <AppointmentLink />
    </main>
  );
}

/** Do what the room or the token wants at the end: close the tab, or go on to another page. */
function useExit(room: RoomView | null): boolean {
  const target = exitOf(room);
  useEffect(() => {
    if (room?.close_tab_on_exit === true) window.close(); // browsers close only tabs that a page has opened
    if (target !== null) location.assign(target);
  }, []);
  return target !== null;
}

/** Back to the page of the appointment, if the person came from there. */
function AppointmentLink() {
  const { say, appointment } = useCallPage();
  if (appointment === null) return null;
  return <a href={appointment.link}>{say("again.appointment", { ...appointment })}</a>;
}

function ReloadButton() {
  const { say } = useCallPage();
  return (
    <button type="button" class="button button-primary" onClick={() => location.reload()}>
      {say("again.reload")}
    </button>
  );
}

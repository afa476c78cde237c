import type { EndReason, RefusalReason } from "../protocol/messages.gen";
import { Heading } from "../ui/heading";
import { useCallPage, usePresentation } from "./context";
import { spokenTime } from "./spoken-time";

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

/** Why the person cannot enter, and what they can do. */
export function RefusedPage({ reason, at }: { reason: RefusalReason; at: number | null }) {
  const { call, say, locale } = useCallPage();
  const { driven } = usePresentation();
  const hasTime = reason === "exp-room" || reason === "nbf-room" || reason === "nbf-token" || reason === "exp-token";
  const body =
    hasTime && at !== null
      ? say(`refused.${reason}.at`, { time: spokenTime(at, new Date(), say, locale) })
      : say(`refused.${reason}.body`);
  return (
    <main class="message">
      <Heading>{say(`refused.${reason}`)}</Heading>
      <p>{body}</p>
      {reason === "end-of-life" && <ReloadButton />}
      {reason === "meeting-full" && !driven && (
        <button type="button" class="button button-primary" onClick={() => call.again()}>
          {say("again.try")}
        </button>
      )}
    </main>
  );
}

/** The person is out: what happened, and what they can do. */
export function LeavePage({ reason }: { reason: EndReason | "defect" | "left" }) {
  const { call, say } = useCallPage();
  const { driven } = usePresentation();
  const wayBack = { left: "again.join", replaced: "again.here" } as const;
  return (
    <main class="message">
      <Heading>{say(`ended.${reason}`)}</Heading>
      <p>{say(`ended.${reason}.body`)}</p>
      {reason === "defect" && <ReloadButton />}
      {(reason === "left" || reason === "replaced") && !driven && (
        <button type="button" class="button button-primary" onClick={() => call.again()}>
          {say(wayBack[reason])}
        </button>
      )}
    </main>
  );
}

function ReloadButton() {
  const { say } = useCallPage();
  return (
    <button type="button" class="button button-primary" onClick={() => location.reload()}>
      {say("again.reload")}
    </button>
  );
}

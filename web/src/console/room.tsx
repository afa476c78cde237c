import type { Appointment } from "./api";
import { locale, say, translated } from "./say";
import type { Retry } from "./state";
import { needsAttention } from "./summary";

interface RoomProps {
  appointment: Appointment;
  retry: Retry | undefined;
  onRetry: (appointment: number) => void;
}

const SHAPES: Record<Appointment["room"]["state"], string> = {
  ready: "M7.5 12.5l3 3 6-7",
  pending: "M12 7v6m0 3.5v.01",
  none: "M8 12h8",
  removing: "M12 7v5l3.5 2",
};

/** How it stands with the appointment's room: a coloured mark, words, the cause, and the way to mend it. */
export function Room({ appointment, retry, onRetry }: RoomProps) {
  const { state, problem } = appointment.room;
  return (
    <div class="room">
      <p class={`room-state room-${state}`}>
        <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="12" r="9.5" />
          <path d={SHAPES[state]} />
        </svg>
        {say(`room.${state}`)}
      </p>
      {problem && <p class="quiet small">{sentence(translated(problem))}</p>}
      {needsAttention(appointment) && (
        <TryNow appointment={appointment} retry={retry} onRetry={onRetry} />
      )}
    </div>
  );
}

function TryNow({ appointment, retry, onRetry }: RoomProps) {
  const isBusy = retry === "busy";
  const format = new Intl.DateTimeFormat(locale(), { timeStyle: "short" });
  const time = format.format(new Date(appointment.started_at));
  return (
    <>
      <button
        type="button"
        class="button button-quiet try"
        aria-disabled={isBusy}
        onClick={() => !isBusy && onRetry(appointment.id)}
      >
        {say(isBusy ? "retry.busy" : "retry")}
        <span class="visually-hidden"> {say("retry.of", { time })}</span>
      </button>
      <span role="status">
        {retry && !isBusy && (
          <span class="small failed">{say("retry.failed", { info: retry.failed })}</span>
        )}
      </span>
    </>
  );
}

/** The cause as a sentence: a capital letter and a full stop. */
function sentence(cause: string): string {
  const begun = cause.charAt(0).toUpperCase() + cause.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

import { useEffect, useState } from "preact/hooks";
import type { DayOfAppointments } from "./api";
import { Cards, Table } from "./appointments";
import { locale, say, translated } from "./say";
import type { State } from "./state";
import { summary, withName } from "./summary";

const FEW = 12; // can be looked through without help
const NARROW = "(max-width: 60rem)"; // as in console.css

interface BoardProps {
  state: State;
  onRetry: (appointment: number) => void;
}

/** A day's appointments, or why they are not there. */
export function Board({ state, onRetry }: BoardProps) {
  const { shown, problem } = state.board;
  return (
    <>
      <Trouble state={state} />
      {shown === null ? (
        problem === null && (
          <p class="empty quiet" role="status">
            {say("board.loading")}
          </p>
        )
      ) : shown.appointments.length === 0 ? (
        <div class="empty" role="status">
          <p class="empty-title">{say("board.empty")}</p>
          <p class="quiet">{say("board.empty.hint")}</p>
        </div>
      ) : (
        <List shown={shown} state={state} onRetry={onRetry} />
      )}
    </>
  );
}

function List({ shown, state, onRetry }: BoardProps & { shown: DayOfAppointments }) {
  const isNarrow = useMedia(NARROW);
  const Shape = isNarrow ? Cards : Table;
  const [count, attention] = summary(shown);
  const [wanted, setWanted] = useState("");
  const found = withName(shown.appointments, wanted);
  return (
    <>
      <div class="board-head">
        <p class="summary">
          <span>{count}</span> {attention && <span class="chip chip-attention">{attention}</span>}
        </p>
        {shown.appointments.length > FEW && (
          <label class="find">
            <span class="visually-hidden">{say("board.find")}</span>
            <input
              type="search"
              placeholder={say("board.find")}
              value={wanted}
              onInput={(event) => setWanted(event.currentTarget.value)}
            />
          </label>
        )}
      </div>
      <p class="visually-hidden" role="status">
        {wanted.trim() !== "" && found.length > 0 && say("board.count", { count: found.length })}
      </p>
      {found.length === 0 && (
        <p class="empty quiet" role="status">
          {say("board.find.none", { name: wanted.trim() })}
        </p>
      )}
      {found.length > 0 && (
        <Shape
          appointments={found}
          organization={state.organization ?? 0}
          retries={state.retries}
          waiting={new Set(state.knocks.map((knock) => knock.appointment_id))}
          onRetry={onRetry}
        />
      )}
      <p class="quiet small">
        {say("board.zone", { zone: zoneName(state.day) })}{" "}
        {say("board.updated", { time: timeOf(state.board.at) })}
      </p>
    </>
  );
}

function Trouble({ state }: { state: State }) {
  const { problem, shown, at } = state.board;
  return (
    <div class="trouble" role="status">
      {problem?.kind === "refused" && (
        <div class="notice notice-danger">
          <p class="notice-title">{say("board.refused")}</p>
          <p>{translated(problem.info)}</p>
        </div>
      )}
      {problem && problem.kind !== "refused" && (
        <div class="notice notice-warning">
          <p class="notice-title">{say("board.old")}</p>
          <p>
            {shown
              ? say("board.old.hint", { time: timeOf(at) })
              : say("unreachable.hint")}
          </p>
        </div>
      )}
    </div>
  );
}

function timeOf(at: number): string {
  return new Intl.DateTimeFormat(locale(), { timeStyle: "medium" }).format(at);
}

function zoneName(day: string): string {
  const format = new Intl.DateTimeFormat(locale(), { timeZoneName: "long" });
  const parts = format.formatToParts(new Date(`${day}T12:00:00`));
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const listen = () => setMatches(list.matches);
    list.addEventListener("change", listen);
    return () => list.removeEventListener("change", listen);
  }, [query]);
  return matches;
}

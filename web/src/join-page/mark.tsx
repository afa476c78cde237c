import type { Tone } from "./view";

const SHAPES: Record<Tone, string> = {
  calm: "M12 7v5l3.5 2", // a clock's hands
  good: "M7.5 12.5l3 3 6-7", // a tick
  warning: "M12 7v6m0 3.5v.01", // an exclamation mark
  danger: "M8.5 8.5l7 7m0-7l-7 7", // a cross
};

/** The sign beside the status. The words beside it say the same. */
export function Mark({ tone, busy }: { tone: Tone; busy: boolean }) {
  return (
    <svg class={busy ? "mark mark-busy" : "mark"} viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="10" pathLength="100" />
      {!busy && <path d={SHAPES[tone]} />}
    </svg>
  );
}

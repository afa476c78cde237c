// Who speaks: rules over how loud people are, as their connections say a few times a second.

/** A person counts as speaking from this level on; 1 is as loud as can be. */
const AUDIBLE = 0.02;
/** Milliseconds for which a person still counts as speaking after the last sound: words have gaps. */
const PAUSE_MS = 1200;
/** Milliseconds for which the front stays with whoever has it, so that it does not flicker. */
const LEAST_TURN_MS = 2000;

export interface Speaking {
  /** When each person was last heard, in milliseconds of any one clock. */
  heardAt: Readonly<Record<string, number>>;
  /** Those who speak at present. */
  now: readonly string[];
  /** Who spoke last, and since when; the front of the speaker layout. */
  active: { sessionId: string; since: number } | null;
}

export const silence: Speaking = { heardAt: {}, now: [], active: null };

/** The next value, from the levels (0 to 1) of everybody in the call at `at` milliseconds. */
export function hear(before: Speaking, levels: Readonly<Record<string, number>>, at: number): Speaking {
  const heardAt: Record<string, number> = {};
  for (const [sessionId, level] of Object.entries(levels)) {
    const last = level >= AUDIBLE ? at : before.heardAt[sessionId];
    if (last !== undefined) heardAt[sessionId] = last;
  }
  const present = Object.keys(heardAt).filter((sessionId) => at - (heardAt[sessionId] ?? 0) < PAUSE_MS);
  const now = same(present, before.now) ? before.now : present;
  return { heardAt, now, active: nextActive(before.active, levels, now, at) };
}

function nextActive(
  active: Speaking["active"],
  levels: Readonly<Record<string, number>>,
  now: readonly string[],
  at: number,
): Speaking["active"] {
  const isThere = active !== null && active.sessionId in levels;
  if (isThere && at - active.since < LEAST_TURN_MS) return active;
  const next = loudest(levels, now);
  if (next === undefined) return isThere ? active : null;
  return next === active?.sessionId ? active : { sessionId: next, since: at };
}

const loudest = (levels: Readonly<Record<string, number>>, among: readonly string[]): string | undefined =>
  [...among].sort((one, other) => (levels[other] ?? 0) - (levels[one] ?? 0))[0];

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((item, index) => item === other[index]);

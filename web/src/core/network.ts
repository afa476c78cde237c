// When a connection is weak, and what is given up for the sound: a rule over what the browser measures.

/** What one connection measured since the last look. */
export interface Sample {
  /** Share of our packets that were lost on the way, 0 to 1; null while the other side has not told. */
  lost: number | null;
  /** Share of theirs that were lost. */
  lostIncoming: number | null;
  /** Seconds to the other side and back. */
  roundTrip: number | null;
  /** Bits a second that the browser believes it may send; null where it does not tell. */
  available: number | null;
}

/** How much of the own picture is sent: everything, less, little, or nothing, so that the sound stays. */
export type Step = 0 | 1 | 2 | 3;

export interface Network {
  step: Step;
  /** The other side's packets get lost: nothing that we give up would help. */
  isIncomingWeak: boolean;
  /** Looks in a row that were bad, or good. */
  bad: number;
  good: number;
  /** The worst that was measured at the last look. */
  worst: Sample;
}

const nothing: Sample = { lost: null, lostIncoming: null, roundTrip: null, available: null };

export const healthy: Network = { step: 0, isIncomingWeak: false, bad: 0, good: 0, worst: nothing };

const BAD_LOOKS = 2;
const GOOD_LOOKS = 6;
/** A loss or a delay from which on talking is no pleasure. */
const MOST_LOST = 0.08;
const LONGEST_ROUND_TRIP = 0.6;
/** Bits a second below which the picture of each step takes the room of the sound. */
const LEAST_AVAILABLE: Record<Step, number> = { 0: 350_000, 1: 180_000, 2: 90_000, 3: 0 };

/** What the camera may take at each step; bits a second, and how many times smaller each side is. */
export const LIMITS: Record<Step, { bitrate: number; shrink: number; frames: number }> = {
  0: { bitrate: 2_000_000, shrink: 1, frames: 30 },
  1: { bitrate: 300_000, shrink: 2, frames: 20 },
  2: { bitrate: 120_000, shrink: 4, frames: 12 },
  3: { bitrate: 0, shrink: 4, frames: 1 },
};

/** The next value after a look at all connections; the worst of them counts. */
export function judge(before: Network, samples: readonly Sample[]): Network {
  const isIncomingWeak = samples.some(({ lostIncoming }) => (lostIncoming ?? 0) > MOST_LOST);
  const isBad = samples.some((sample) => isWeak(sample, before.step));
  const bad = isBad ? before.bad + 1 : 0;
  const good = isBad || samples.length === 0 ? 0 : before.good + 1;
  const worst = worstOf(samples);
  const turn = bad >= BAD_LOOKS && before.step < 3 ? 1 : good >= GOOD_LOOKS && before.step > 0 ? -1 : 0;
  if (turn !== 0) return { step: (before.step + turn) as Step, isIncomingWeak, bad: 0, good: 0, worst };
  return { step: before.step, isIncomingWeak, bad, good, worst };
}

function worstOf(samples: readonly Sample[]): Sample {
  const most = (field: "lost" | "lostIncoming" | "roundTrip") => {
    const values = samples.map((sample) => sample[field]).filter((value) => value !== null);
    return values.length > 0 ? Math.max(...values) : null;
  };
  return { lost: most("lost"), lostIncoming: most("lostIncoming"), roundTrip: most("roundTrip"), available: null };
}

function isWeak({ lost, roundTrip, available }: Sample, step: Step): boolean {
  if ((lost ?? 0) > MOST_LOST) return true;
  if ((roundTrip ?? 0) > LONGEST_ROUND_TRIP && step < 2) return true; // no picture at all would not shorten the way
  return available !== null && available < LEAST_AVAILABLE[step];
}

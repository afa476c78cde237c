// What an organization may set, and which values can be.

export type Settings = {
  readonly name: string;
  readonly waiting_room: boolean;
  readonly opens_minutes_before: number;
  readonly closes_minutes_after: number;
  readonly locks_early: boolean;
  readonly timezone: string;
  readonly language: string;
  readonly mail_name: string | null;
  readonly mail_reply_to: string | null;
  readonly retry_minutes: number | null;
  /** Null: recordings stay until somebody deletes them. */
  readonly recordings_keep_days: number | null;
  /** What holds where `retry_minutes` is null. */
  readonly usual_retry_minutes: number;
  /** The sender of all mail; null: the installation sends none. */
  readonly mail_from: string | null;
};

export const MOST_MINUTES = 1440;
export const MOST_RETRY_MINUTES = 120;
export const MOST_KEEP_DAYS = 3650;

export type Preset = "clinic" | "school";
type Window = Pick<Settings, "opens_minutes_before" | "closes_minutes_after" | "locks_early">;

/** The two windows of the requirements, as the server has them. */
export const PRESETS: Readonly<Record<Preset, Window>> = {
  clinic: { opens_minutes_before: 5, closes_minutes_after: 0, locks_early: false },
  school: { opens_minutes_before: 5, closes_minutes_after: 30, locks_early: true },
};

/** The preset whose window this is; "own" if none's. */
export function presetOf(window: Window): Preset | "own" {
  const names = Object.keys(PRESETS) as Preset[];
  const fits = (name: Preset) =>
    (Object.keys(PRESETS[name]) as (keyof Window)[]).every((each) => PRESETS[name][each] === window[each]);
  return names.find(fits) ?? "own";
}

/** The whole number in a text, if it lies between these two. */
export function wholeNumber(text: string, least: number, most: number): number | null {
  const number = /^\d{1,6}$/.test(text.trim()) ? Number(text) : NaN;
  return number >= least && number <= most ? number : null;
}

/** Whether an e-mail can be sent to this; the server looks more closely. */
export function isAddress(text: string): boolean {
  return /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)*$/.test(text.trim());
}

/** Those of `after` that differ from `before`, with their values of `before`: what takes the change back. */
export function undoing(before: Settings, after: Partial<Settings>): Partial<Settings> {
  const names = Object.keys(after) as (keyof Settings)[];
  return Object.fromEntries(names.filter((name) => before[name] !== after[name]).map((name) => [name, before[name]]));
}

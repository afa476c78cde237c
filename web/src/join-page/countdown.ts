// How long it still is, in words.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Unit = "day" | "hour" | "minute" | "second";

/** The two units that matter for so many milliseconds: "2 days 3 hours", "4 minutes 5 seconds". */
export function countdown(milliseconds: number, language: string): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return parts(seconds)
    .filter(([amount], place) => place === 0 || amount > 0)
    .map(([amount, unit]) => inWords(amount, unit, language))
    .join(" ");
}

function parts(seconds: number): [number, Unit][] {
  if (seconds >= DAY) return split(seconds, DAY, "day", HOUR, "hour");
  if (seconds >= HOUR) return split(seconds, HOUR, "hour", MINUTE, "minute");
  if (seconds >= MINUTE) return split(seconds, MINUTE, "minute", 1, "second");
  return [[seconds, "second"]];
}

function split(seconds: number, large: number, one: Unit, small: number, two: Unit): [number, Unit][] {
  return [
    [Math.floor(seconds / large), one],
    [Math.floor((seconds % large) / small), two],
  ];
}

function inWords(amount: number, unit: Unit, language: string): string {
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(amount);
}

/** Milliseconds until the words change next. */
export function nextChange(milliseconds: number): number {
  return milliseconds <= 0 ? 1000 : milliseconds % 1000 || 1000;
}

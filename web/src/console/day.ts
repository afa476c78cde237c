// Days of the calendar, as the person at this browser counts them.

/** A day as "2026-11-21". */
export type Day = string;

const TWO = (part: number) => String(part).padStart(2, "0");

/** The day of a moment, in the browser's time zone. */
export function dayOf(moment: Date): Day {
  return `${moment.getFullYear()}-${TWO(moment.getMonth() + 1)}-${TWO(moment.getDate())}`;
}

/** The day so many days later; earlier if negative. */
export function dayAfter(day: Day, days: number): Day {
  return dayOf(startOf(day, days));
}

/** The first moments of the day and of the next one. A day may have 23 or 25 hours. */
export function bounds(day: Day): { from: Date; before: Date } {
  return { from: startOf(day, 0), before: startOf(day, 1) };
}

/** The day in a text such as an address, if it is one. */
export function parseDay(text: string | null): Day | null {
  const shape = text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text);
  return shape && dayAfter(text, 0) === text ? text : null;
}

/** "Saturday 21 November 2026" */
export function dayInWords(day: Day, language: string): string {
  const format = new Intl.DateTimeFormat(language, { dateStyle: "full" });
  return format.format(startOf(day, 0));
}

function startOf(day: Day, later: number): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later);
}

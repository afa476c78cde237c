/** A moment as people say it: "10:25", with the day unless that is today. `at` is in unix seconds. */
export function spokenTime(at: number, now: Date, language: string, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const date = new Date(at * 1000);
  const day = new Intl.DateTimeFormat(language, { dateStyle: "full", ...zone });
  const isToday = day.format(date) === day.format(now);
  return new Intl.DateTimeFormat(language, {
    ...(isToday ? {} : { weekday: "long", day: "numeric", month: "long" }),
    hour: "numeric",
    minute: "2-digit",
    ...zone,
  }).format(date);
}

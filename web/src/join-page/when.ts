// When the appointment is, in the language and the time zone of whoever looks.

export type When = {
  /** "Saturday 21 November 2026, 10:30 – 11:00" */
  readonly time: string;
  /** "Central European Standard Time" */
  readonly zone: string;
};

/** The appointment's time; without a zone, the browser's own. */
export function when(startedAt: string, endedAt: string, language: string, timeZone?: string): When {
  const place = timeZone === undefined ? {} : { timeZone };
  const range = new Intl.DateTimeFormat(language, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
    ...place,
  });
  const start = new Date(startedAt);
  return {
    time: range.formatRange(start, new Date(endedAt)),
    zone: zoneName(start, language, place),
  };
}

/** A moment as people say it: "10:25" today, else with its day. */
export function spokenMoment(at: string, now: Date, language: string, timeZone?: string): string {
  const place = timeZone === undefined ? {} : { timeZone };
  const moment = new Date(at);
  const day = new Intl.DateTimeFormat(language, { dateStyle: "short", ...place });
  const isToday = day.format(moment) === day.format(now);
  const shape: Intl.DateTimeFormatOptions = isToday
    ? { timeStyle: "short" }
    : { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" };
  return new Intl.DateTimeFormat(language, { ...shape, ...place }).format(moment);
}

function zoneName(at: Date, language: string, place: { timeZone?: string }): string {
  const format = new Intl.DateTimeFormat(language, { timeZoneName: "long", ...place });
  return format.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? "";
}

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

/** "10:25", in the browser's zone unless another is given. */
export function clockTime(at: string, language: string, timeZone?: string): string {
  const place = timeZone === undefined ? {} : { timeZone };
  const format = new Intl.DateTimeFormat(language, { timeStyle: "short", ...place });
  return format.format(new Date(at));
}

function zoneName(at: Date, language: string, place: { timeZone?: string }): string {
  const format = new Intl.DateTimeFormat(language, { timeZoneName: "long", ...place });
  return format.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? "";
}

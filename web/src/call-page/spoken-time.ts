import type { CallKey } from "../ui/messages/en/call";
import type { Say } from "../ui/messages/say";

/** A moment as people say it: "today at 10:25", or "on Sunday 22 November at 10:25". `at` is in unix seconds. */
export function spokenTime(at: number, now: Date, say: Say<CallKey>, locale: string, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const moment = new Date(at * 1000);
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "full", ...zone });
  const time = { hour: "numeric", minute: "2-digit", ...zone } as const;
  if (day.format(moment) === day.format(now)) {
    return say("time.today", { time: new Intl.DateTimeFormat(locale, time).format(moment) });
  }
  const dayAndTime = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", ...time });
  return say("time.other-day", { time: dayAndTime.format(moment) });
}

import { expect, test } from "vitest";
import { call } from "../ui/messages/en/call";
import { speaker } from "../ui/messages/say";
import { spokenTime } from "./spoken-time";

const say = speaker(call);
const now = new Date("2026-11-21T09:00:00Z");
const seconds = (moment: string): number => Date.parse(moment) / 1000;

test("a time of today is a time, one of another day has the day", () => {
  expect(spokenTime(seconds("2026-11-21T10:25:00Z"), now, say, "en-GB", "UTC")).toBe("today at 10:25");
  expect(spokenTime(seconds("2026-11-22T10:25:00Z"), now, say, "en-GB", "UTC")).toBe(
    "on Sunday 22 November at 10:25",
  );
});

test("today is today where the person is", () => {
  expect(spokenTime(seconds("2026-11-21T23:30:00Z"), now, say, "en-GB", "Europe/Bucharest")).toContain("Sunday");
});

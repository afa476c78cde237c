import { expect, test } from "vitest";
import { spokenMoment, when } from "./when";

// Commas, spaces and dashes differ between versions of the language data.
const plain = (text: string) => text.replaceAll(/[,\s–]+/g, " ");

test.each([
  ["Europe/Bucharest", "Saturday 21 November 2026 12:30 13:00", "Eastern European Standard Time"],
  ["UTC", "Saturday 21 November 2026 10:30 11:00", "Coordinated Universal Time"],
])("in %s it is %s", (zone, time, name) => {
  const shown = when("2026-11-21T10:30:00Z", "2026-11-21T11:00:00Z", "en-GB", zone);
  expect(plain(shown.time).replace(" at ", " ")).toBe(time);
  expect(shown.zone).toBe(name);
});

test("an appointment over midnight names both days", () => {
  const shown = when("2026-11-21T23:30:00Z", "2026-11-22T00:30:00Z", "en-GB", "UTC");
  expect(shown.time).toContain("21 November");
  expect(shown.time).toContain("22 November");
});

test.each([
  ["en-GB", "UTC", "14:25"],
  ["en-US", "America/New_York", "9:25 AM"],
  ["en-GB", "Pacific/Auckland", "Sunday 22 November 3:25"], // there it is tomorrow
])("a moment of today in %s, %s is %s", (language, zone, words) => {
  const now = new Date("2026-11-21T10:00:00Z");
  const said = plain(spokenMoment("2026-11-21T14:25:00Z", now, language, zone));
  expect(said.replace(" at ", " ").replace(" 0", " ")).toBe(words);
});

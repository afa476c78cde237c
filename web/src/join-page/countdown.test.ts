import { expect, test } from "vitest";
import { countdown, nextChange } from "./countdown";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

test.each([
  [0, "0 seconds"],
  [-5 * SECOND, "0 seconds"],
  [1, "1 second"],
  [59 * SECOND, "59 seconds"],
  [MINUTE, "1 minute"],
  [4 * MINUTE + 5 * SECOND, "4 minutes 5 seconds"],
  [HOUR - 1, "1 hour"],
  [3 * HOUR + 5 * MINUTE + 59 * SECOND, "3 hours 5 minutes"],
  [24 * HOUR, "1 day"],
  [51 * HOUR + 30 * MINUTE, "2 days 3 hours"],
])("%i milliseconds are %s", (milliseconds, words) => {
  expect(countdown(milliseconds, "en")).toBe(words);
});

test.each([
  [5 * SECOND + 300, 300],
  [5 * SECOND, 1000],
  [-20, 1000],
])("with %i milliseconds left the words change in %i", (left, wait) => {
  expect(nextChange(left)).toBe(wait);
});

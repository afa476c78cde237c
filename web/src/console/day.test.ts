import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bounds, dayAfter, dayInWords, dayOf, parseDay } from "./day";

beforeAll(() => void vi.stubEnv("TZ", "Europe/Bucharest"));
afterAll(() => void vi.unstubAllEnvs());

describe("a day", () => {
  test("is counted in the person's own zone", () => {
    expect(dayOf(new Date("2026-11-21T21:59:00Z"))).toBe("2026-11-21");
    expect(dayOf(new Date("2026-11-21T22:01:00Z"))).toBe("2026-11-22");
  });

  test.each([
    ["2026-11-21", 1, "2026-11-22"],
    ["2026-11-30", 1, "2026-12-01"],
    ["2027-01-01", -1, "2026-12-31"],
    ["2028-02-28", 1, "2028-02-29"],
    ["2026-03-29", 1, "2026-03-30"], // 23 hours
    ["2026-10-25", 1, "2026-10-26"], // 25 hours
  ])("%s and %i more is %s", (day, days, then) => {
    expect(dayAfter(day, days)).toBe(then);
  });

  test.each([
    ["2026-11-21", "2026-11-20T22:00:00.000Z", 24],
    ["2026-03-29", "2026-03-28T22:00:00.000Z", 23],
    ["2026-10-25", "2026-10-24T21:00:00.000Z", 25],
  ])("%s begins at %s and has %i hours", (day, begins, hours) => {
    const { from, before } = bounds(day);
    expect(from.toISOString()).toBe(begins);
    expect((before.getTime() - from.getTime()) / 3_600_000).toBe(hours);
  });

  test("is said in the person's language", () => {
    expect(dayInWords("2026-11-21", "en-GB").replace(",", "")).toBe("Saturday 21 November 2026");
    expect(dayInWords("2026-11-21", "ro")).toBe("sâmbătă, 21 noiembrie 2026");
  });
});

describe("a day in the address", () => {
  test("is taken as it is", () => {
    expect(parseDay("2026-11-21")).toBe("2026-11-21");
  });

  test.each([null, "", "today", "2026-02-30", "2026-13-01", "21.11.2026", "2026-11-21T10:00"])(
    "%s is none",
    (text) => {
      expect(parseDay(text)).toBeNull();
    },
  );
});

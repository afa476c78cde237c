import { expect, test } from "vitest";
import { isAddress, presetOf, PRESETS, undoing, wholeNumber, type Settings } from "./settings";

test("a window is that of a preset only if all of it is", () => {
  expect(presetOf(PRESETS.clinic)).toBe("clinic");
  expect(presetOf(PRESETS.school)).toBe("school");
  expect(presetOf({ ...PRESETS.school, locks_early: false })).toBe("own");
});

test.each([
  ["5", 5],
  [" 120 ", 120],
  ["0", null],
  ["121", null],
  ["", null],
  ["5.5", null],
  ["-5", null],
  ["1e2", null],
])("%j from 1 to 120 is %j", (text, number) => {
  expect(wholeNumber(text, 1, 120)).toBe(number);
});

test.each([
  ["desk@clinic.example", true],
  ["desk", false],
  ["desk@", false],
  ["a b@c", false],
])("%s as an address: %s", (text, fits) => {
  expect(isAddress(text)).toBe(fits);
});

test("what takes a change back names only what was changed", () => {
  const before = { name: "Clinic", language: "en", mail_name: null } as Settings;
  expect(undoing(before, { name: "Clinic", language: "de", mail_name: "Desk" })).toEqual({ language: "en", mail_name: null });
});

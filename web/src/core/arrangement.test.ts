import { expect, test } from "vitest";
import { arrange, fit } from "./arrangement";

const desktop = { width: 1400, height: 780 };
const phone = { width: 370, height: 720 };

test.each([
  ["one alone", { people: 1, screens: 0, ...desktop }, { name: "alone" }],
  ["two", { people: 2, screens: 0, ...desktop }, { name: "pair" }],
  ["three on a desktop", { people: 3, screens: 0, ...desktop }, { name: "grid", columns: 2 }],
  ["four on a desktop", { people: 4, screens: 0, ...desktop }, { name: "grid", columns: 2 }],
  ["nine on a desktop", { people: 9, screens: 0, ...desktop }, { name: "grid", columns: 3 }],
  ["three on a phone", { people: 3, screens: 0, ...phone }, { name: "grid", columns: 1 }],
  ["eight on a phone", { people: 8, screens: 0, ...phone }, { name: "grid", columns: 2 }],
  ["two with a shared screen", { people: 2, screens: 1, ...desktop }, { name: "screen" }],
])("%s", (_, size, arrangement) => {
  expect(arrange(size)).toEqual(arrangement);
});

test.each([
  ["a wide picture in a wide tile", { width: 1280, height: 720 }, desktop, "cover"],
  ["a wide picture in a square tile", { width: 1280, height: 720 }, { width: 400, height: 400 }, "cover"],
  ["an upright phone's picture in a wide tile", { width: 720, height: 1280 }, desktop, "contain"],
  ["a wide picture on a phone", { width: 1280, height: 720 }, phone, "contain"],
  ["an upright picture on a phone", { width: 720, height: 1280 }, phone, "cover"],
] as const)("%s", (_, picture, tile, expected) => {
  expect(fit(picture, tile)).toBe(expected);
});

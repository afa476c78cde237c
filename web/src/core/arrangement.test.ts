import { expect, test } from "vitest";
import { arrange, fit, frontOf, GAP, lastRow, shownInStrip } from "./arrangement";

const desktop = { width: 1400, height: 780 };
const tablet = { width: 800, height: 1000 };
const phone = { width: 370, height: 720 };
const lyingPhone = { width: 820, height: 300 };

const usual = { screens: 0, isPinned: false, preference: "auto" as const };
const grid = { ...usual, preference: "grid" as const };
const speaker = { ...grid, preference: "speaker" as const };

const columns = (count: number) => ({ name: "grid", columns: count });
const beside = { name: "front", strip: "beside" };
const below = { name: "front", strip: "below" };

test.each([
  ["one alone", { people: 1, ...speaker, ...desktop }, { name: "alone" }],
  ["one alone who likes grids", { people: 1, ...grid, ...phone }, { name: "alone" }],
  ["two", { people: 2, ...usual, ...desktop }, { name: "pair" }],
  ["three", { people: 3, ...usual, ...desktop }, columns(2)],
  ["two with a speaker", { people: 2, ...speaker, ...desktop }, { name: "pair" }],
  ["two on a phone", { people: 2, ...speaker, ...phone }, { name: "pair" }],
  ["two alike", { people: 2, ...grid, ...desktop }, columns(2)],
  ["two alike on a tablet", { people: 2, ...grid, ...tablet }, columns(1)],
  ["two alike do not fit on a phone", { people: 2, ...grid, ...phone }, { name: "pair" }],
  ["two alike do not fit on a phone on its side", { people: 2, ...grid, ...lyingPhone }, { name: "pair" }],
  ["three on a desktop", { people: 3, ...grid, ...desktop }, columns(2)],
  ["four on a desktop", { people: 4, ...grid, ...desktop }, columns(2)],
  ["nine on a desktop", { people: 9, ...grid, ...desktop }, columns(3)],
  ["sixteen on a desktop", { people: 16, ...grid, ...desktop }, columns(4)],
  ["three on a phone", { people: 3, ...grid, ...phone }, columns(1)],
  ["eight on a phone", { people: 8, ...grid, ...phone }, columns(2)],
  ["sixteen on a phone", { people: 16, ...grid, ...phone }, columns(2)],
  ["sixteen on a tablet", { people: 16, ...grid, ...tablet }, columns(3)],
  ["four on a phone on its side", { people: 4, ...grid, ...lyingPhone }, columns(2)],
  ["six on a phone on its side", { people: 6, ...grid, ...lyingPhone }, columns(3)],
  ["three with a speaker on a desktop", { people: 3, ...speaker, ...desktop }, beside],
  ["three with a speaker on a tablet", { people: 3, ...speaker, ...tablet }, below],
  ["three with a speaker on a phone", { people: 3, ...speaker, ...phone }, below],
  ["three with a speaker on a phone on its side", { people: 3, ...speaker, ...lyingPhone }, beside],
  ["two with a shared screen", { people: 2, ...grid, screens: 1, ...desktop }, beside],
  ["two with a shared screen on a phone", { people: 2, ...grid, screens: 1, ...phone }, below],
  ["somebody pinned among four", { people: 4, ...grid, isPinned: true, ...desktop }, beside],
  ["somebody pinned who is alone with oneself", { people: 2, ...speaker, isPinned: true, ...phone }, below],
])("%s", (_, room, arrangement) => {
  expect(arrange(room)).toMatchObject(arrangement);
});

test.each([
  ["a wide picture in a wide tile", { width: 1280, height: 720 }, desktop, "cover"],
  ["a wide picture in a square tile", { width: 1280, height: 720 }, { width: 400, height: 400 }, "cover"],
  ["an upright phone's picture in a wide tile", { width: 720, height: 1280 }, desktop, "contain"],
  ["a wide picture on a phone", { width: 1280, height: 720 }, phone, "sides"],
  ["an upright picture on a phone", { width: 720, height: 1280 }, phone, "cover"],
] as const)("%s", (_, picture, tile, expected) => {
  expect(fit(picture, tile).name).toBe(expected);
});

test("a wide picture on a phone is not small: it loses of its sides, and no more than a tile may cost", () => {
  expect(fit({ width: 1600, height: 900 }, phone)).toEqual({ name: "sides", ratio: (16 / 9) * (1 - 0.55) });
});

const ada = { session_id: "ada" };
const ben = { session_id: "ben" };

test.each([
  ["whom the person pinned", "ada", "ben", ada],
  ["who spoke last", null, "ben", ben],
  ["who spoke last, when the pinned one is gone", "cleo", "ben", ben],
  ["who came first, before anybody spoke", null, null, ada],
])("in front stands %s", (_, pinned, last, expected) => {
  expect(frontOf([ada, ben], pinned, last)).toBe(expected);
});

test("in front of nobody stands nobody", () => {
  expect(frontOf([], null, null)).toBeNull();
});

test.each([
  [16, desktop, 5],
  [16, phone, 3],
  [16, lyingPhone, 3],
  [16, tablet, 4],
])("the strip of %s people on %o shows %s tiles, which fit", (people, size, fits) => {
  const arrangement = arrange({ people, ...speaker, ...size });
  if (arrangement.name !== "front") throw new Error("nobody is in front");
  expect(arrangement.fits).toBe(fits);
  const { tile, strip } = arrangement;
  const length = fits * ((strip === "beside" ? tile.height : tile.width) + GAP) - GAP;
  expect(length).toBeLessThanOrEqual(strip === "beside" ? size.height : size.width);
});

test.each([
  [["ada", "ben", "me"], 3, ["ada", "ben", "me"], 0],
  [["ada", "ben", "cleo", "dan", "me"], 3, ["ada", "me"], 3],
  [["ada", "ben", "me"], 1, ["me"], 2],
])("of the strip %o with place for %s are shown %o", (tiles, fits, shown, hidden) => {
  expect(shownInStrip(tiles, fits)).toEqual({ shown, hidden });
});

test.each([
  ["three in two columns: the last in the middle", 3, 2, { first: 2, start: 2 }],
  ["seven in three columns", 7, 3, { first: 6, start: 3 }],
  ["eight in three columns", 8, 3, { first: 6, start: 2 }],
  ["four in two columns: full", 4, 2, { first: 4, start: 1 }],
])("%s", (_, people, count, expected) => {
  expect(lastRow(people, count)).toEqual(expected);
});

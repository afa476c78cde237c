import { expect, test } from "vitest";
import { fitted, placesBeside, placesOf } from "./scene";

const WIDTH = 1280;
const HEIGHT = 720;

test("so many people stand in a film without covering each other, all of them inside", () => {
  for (let people = 0; people <= 16; people++) {
    for (const places of [placesOf(people, WIDTH, HEIGHT), placesBeside(people, WIDTH, HEIGHT).people]) {
      expect(places).toHaveLength(people);
      for (const [index, one] of places.entries()) {
        expect(one.x >= 0 && one.y >= -0.01 && one.x + one.width <= WIDTH + 0.01 && one.y + one.height <= HEIGHT + 0.01).toBe(true);
        for (const other of places.slice(index + 1)) {
          const apart =
            one.x + one.width <= other.x + 0.01 || other.x + other.width <= one.x + 0.01 ||
            one.y + one.height <= other.y + 0.01 || other.y + other.height <= one.y + 0.01;
          expect(apart, `${people} people`).toBe(true);
        }
      }
    }
  }
});

test("a row that is not full stands in the middle, and a screen leaves a strip beside it", () => {
  const [, , third] = placesOf(3, WIDTH, HEIGHT);
  expect((third?.x ?? 0) + (third?.width ?? 0) / 2).toBeCloseTo(WIDTH / 2, 0);
  const { screen, people } = placesBeside(2, WIDTH, HEIGHT);
  expect(screen.width > 0.75 * WIDTH && screen.height === HEIGHT).toBe(true);
  expect(people.every(({ x }) => x >= screen.width)).toBe(true);
});

test("a picture is shown whole, in the middle of its place", () => {
  const place = { x: 100, y: 0, width: 160, height: 90 };
  expect(fitted({ width: 640, height: 480 }, place)).toEqual({ x: 120, y: 0, width: 120, height: 90 });
  expect(fitted({ width: 320, height: 90 }, place)).toEqual({ x: 100, y: 22.5, width: 160, height: 45 });
});

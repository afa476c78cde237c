import { expect, test } from "vitest";
import { loudness } from "./level";

const tone = (amplitude: number): Float32Array =>
  Float32Array.from({ length: 512 }, (_, index) => amplitude * Math.sin(index));

test("silence is 0, and full loudness nearly 1", () => {
  expect(loudness(new Float32Array(512))).toBe(0);
  expect(loudness(tone(1))).toBeGreaterThan(0.9);
});

test("ordinary speech shows in the middle of the scale", () => {
  expect(loudness(tone(0.05))).toBeGreaterThan(0.3);
  expect(loudness(tone(0.05))).toBeLessThan(0.8);
});

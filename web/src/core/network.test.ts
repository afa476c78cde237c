import { expect, test } from "vitest";
import { healthy, judge, LIMITS, type Network, type Sample } from "./network";

const fine: Sample = { lost: 0, lostIncoming: 0, roundTrip: 0.05, available: 2_500_000 };
const lossy: Sample = { ...fine, lost: 0.2 };
const slow: Sample = { ...fine, roundTrip: 0.9 };
const narrow: Sample = { ...fine, available: 100_000 };

const after = (start: Network, samples: Sample[], looks: number): Network =>
  Array.from({ length: looks }).reduce<Network>((network) => judge(network, samples), start);

test.each([
  ["a good connection", fine, 0],
  ["lost packets", lossy, 3],
  ["a long way costs quality, not the picture", slow, 2],
  ["a narrow line keeps the smallest picture that fits", narrow, 2],
  ["a browser that does not tell", { lost: null, lostIncoming: null, roundTrip: null, available: null }, 0],
])("%s", (_, sample, step) => {
  expect(after(healthy, [sample], 20).step).toBe(step);
});

test("one bad look is no weak connection", () => {
  expect(after(healthy, [lossy], 1).step).toBe(0);
  expect(after(healthy, [lossy], 2).step).toBe(1);
});

test("the worst of several connections counts", () => {
  expect(after(healthy, [fine, lossy, fine], 2).step).toBe(1);
});

test("what was given up comes back slowly, a step at a time", () => {
  const weak = after(healthy, [lossy], 20);
  expect(after(weak, [fine], 5).step).toBe(3);
  expect(after(weak, [fine], 6).step).toBe(2);
  expect(after(weak, [fine], 18).step).toBe(0);
});

test("alone nothing gets better or worse", () => {
  const weak = after(healthy, [lossy], 4);
  expect(after(weak, [], 50).step).toBe(weak.step);
});

test("what gets lost on the way to us is said, but costs no picture of ours", () => {
  expect(after(healthy, [{ ...fine, lostIncoming: 0.3 }], 20)).toMatchObject({ step: 0, isIncomingWeak: true });
});

test("each step takes less than the one before, the last nothing", () => {
  expect([LIMITS[0], LIMITS[1], LIMITS[2], LIMITS[3]].map(({ bitrate }) => bitrate)).toEqual([
    2_000_000, 300_000, 120_000, 0,
  ]);
});

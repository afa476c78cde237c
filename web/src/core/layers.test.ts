import { expect, test } from "vitest";
import { sendsLayers, sentLayers, wantedLayer } from "./layers";
import type { Step } from "./network";

test.each<[Step, boolean, boolean[]]>([
  [0, false, [true, false, false]],
  [0, true, [true, true, true]],
  [1, false, [false, true, false]],
  [1, true, [false, true, true]],
  [2, true, [false, false, true]],
  [3, true, [false, false, false]],
])("which sizes are sent at step %i, where several are wanted: %s", (step, several, layers) => {
  expect(sentLayers(step, several)).toEqual(layers);
});

test.each([
  [0, false, 0],
  [200, false, 0],
  [201, false, 1],
  [400, false, 1],
  [720, false, 2],
  [720, true, 1],
  [120, true, 0],
])("a picture shown %i pixels high, on a weak line: %s", (height, isWeak, layer) => {
  expect(wantedLayer(height, isWeak)).toBe(layer);
});

test("only more than two pictures are worth several sizes each", () => {
  expect([1, 2, 3].map(sendsLayers)).toEqual([false, false, true]);
});

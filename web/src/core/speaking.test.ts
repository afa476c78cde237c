import { expect, test } from "vitest";
import { hear, silence, type Speaking } from "./speaking";

/** What is known after these moments, 250 milliseconds apart. */
function after(...moments: Record<string, number>[]): Speaking {
  return moments.reduce<Speaking>((speaking, levels, index) => hear(speaking, levels, index * 250), silence);
}

const quiet = { ada: 0, ben: 0 };
const adaSpeaks = { ada: 0.3, ben: 0.001 };
const benSpeaks = { ada: 0.01, ben: 0.2 };
const pause = (moments: number) => Array.from({ length: moments }, () => quiet);

test("noise is not speech", () => {
  expect(after({ ada: 0.01, ben: 0.015 })).toMatchObject({ now: [], active: null });
});

test("who speaks goes on speaking between words, and then no longer", () => {
  expect(after(adaSpeaks, ...pause(3)).now).toEqual(["ada"]);
  expect(after(adaSpeaks, ...pause(6)).now).toEqual([]);
});

test("the front stays with who spoke last", () => {
  expect(after(adaSpeaks, ...pause(20)).active?.sessionId).toBe("ada");
});

test("a short answer does not take the front, a longer one does", () => {
  expect(after(adaSpeaks, benSpeaks, adaSpeaks).active?.sessionId).toBe("ada");
  const talk = Array.from({ length: 12 }, () => benSpeaks);
  expect(after(adaSpeaks, ...talk).active?.sessionId).toBe("ben");
});

test("of two who speak at once, the louder has the front", () => {
  expect(after({ ada: 0.1, ben: 0.5 }).active?.sessionId).toBe("ben");
});

test("whoever has left has no front", () => {
  expect(after(adaSpeaks, { ben: 0 }).active).toBeNull();
});

test("while nothing changes, the same list is given", () => {
  const first = after(adaSpeaks);
  expect(hear(first, adaSpeaks, 250).now).toBe(first.now);
});

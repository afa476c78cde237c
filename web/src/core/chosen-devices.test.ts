import { expect, test } from "vitest";
import { arrivals, keepChosen, readChosen } from "./chosen-devices";
import { PageStorage } from "./tab-memory";

test("the browser chooses until a person has", () => {
  const storage = new PageStorage();
  expect(readChosen(storage)).toEqual({ microphone: "", camera: "", speaker: "" });
  keepChosen(storage, { microphone: "", camera: "front", speaker: "" });
  expect(readChosen(storage).camera).toBe("front");
});

const choice = (id: string) => ({ id, label: `The ${id}` });
const none = { microphone: [], camera: [], speaker: [] };

test("what is plugged in is found, with each kind that it has", () => {
  const before = { ...none, microphone: [choice("default"), choice("built-in")], speaker: [choice("built-in-speaker")] };
  const now = {
    ...before,
    microphone: [...before.microphone, choice("headset"), choice("communications")],
    speaker: [...before.speaker, choice("headset-speaker")],
  };
  expect(arrivals(now, before)).toEqual([
    ["microphone", "headset", "The headset"],
    ["speaker", "headset-speaker", "The headset-speaker"],
  ]);
  expect(arrivals(before, now)).toEqual([]);
});

test("the first list that the person permits is no news", () => {
  expect(arrivals({ ...none, camera: [choice("built-in")] }, none)).toEqual([]);
});

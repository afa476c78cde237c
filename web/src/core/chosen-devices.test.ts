import { expect, test } from "vitest";
import { keepChosen, readChosen } from "./chosen-devices";
import { PageStorage } from "./tab-memory";

test("the browser chooses until a person has", () => {
  const storage = new PageStorage();
  expect(readChosen(storage)).toEqual({ microphone: "", camera: "", speaker: "" });
  keepChosen(storage, { microphone: "", camera: "front", speaker: "" });
  expect(readChosen(storage).camera).toBe("front");
});

import { expect, test } from "vitest";
import { exitOf } from "./exit";

test.each([
  ["a page", "https://clinic.example/thanks", "https://clinic.example/thanks"],
  ["nothing", "", null],
  ["half an address", "clinic.example", null],
  ["a program", "javascript:alert(1)", null],
])("%s", (_, address, expected) => {
  expect(exitOf({ redirect_on_meeting_exit: address })).toBe(expected);
});

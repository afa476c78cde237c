import { expect, test, vi } from "vitest";

vi.stubGlobal("document", {});
const { KEYS, shortcutOf, shortcutsIn } = await import("./shortcuts");
const { room } = await import("../core/testing/cast");

const press = { altKey: true, ctrlKey: false, metaKey: false, shiftKey: false, repeat: false, code: "KeyM" };

test.each([
  ["Alt and a letter", press, "microphone"],
  ["the letter alone", { ...press, altKey: false }, null],
  ["AltGr, which some systems send as Ctrl and Alt", { ...press, ctrlKey: true }, null],
  ["a key that is held", { ...press, repeat: true }, null],
  ["another letter", { ...press, code: "KeyX" }, null],
])("%s", (_, keys, shortcut) => {
  expect(shortcutOf(keys)).toBe(shortcut);
});

test("no two shortcuts have the same keys", () => {
  expect(new Set(Object.values(KEYS)).size).toBe(Object.keys(KEYS).length);
});

test("what the room does not have has no shortcut", () => {
  expect(shortcutsIn({ ...room, enable_chat: false })).not.toContain("chat");
  expect(shortcutsIn({ ...room, enable_chat: true })).toContain("chat");
});

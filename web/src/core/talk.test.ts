import { describe, expect, test } from "vitest";
import {
  addHistory,
  addLine,
  addReaction,
  historyParts,
  type Line,
  MAX_TEXT_LENGTH,
  nothingSaid,
  setHand,
  understand,
} from "./talk";

const line = (id: string, change: Partial<Line> = {}): Line => ({
  id,
  name: "Ada",
  text: `text ${id}`,
  at: 1000,
  isOwn: false,
  ...change,
});

describe("the chat", () => {
  test("counts what others wrote while it was closed", () => {
    const talk = addLine(addLine(nothingSaid, line("a"), false), line("b", { isOwn: true }), false);
    expect(talk).toMatchObject({ unread: 1, lines: [{ id: "a" }, { id: "b" }] });
    expect(addLine(nothingSaid, line("a"), true).unread).toBe(0);
  });

  test("shows a message once, however often it comes", () => {
    const talk = addLine(nothingSaid, line("a"), false);
    expect(addLine(talk, line("a"), false)).toBe(talk);
    expect(addHistory(talk, [line("a")])).toBe(talk);
  });

  test("puts what was said before in its place, and does not call it news", () => {
    const talk = addHistory(addLine(nothingSaid, line("new", { at: 2000 }), true), [line("old"), line("new")]);
    expect(talk).toMatchObject({ unread: 0, lines: [{ id: "old" }, { id: "new" }] });
  });

  test("tells newcomers everything in messages that each fit", () => {
    const long = Array.from({ length: 40 }, (_, index) => line(String(index), { text: "話".repeat(index * 20) }));
    const parts = historyParts(long);
    expect(parts.flatMap(({ lines }) => lines.map(({ id }) => id))).toEqual(long.map(({ id }) => id));
    for (const part of parts) expect(new TextEncoder().encode(JSON.stringify(part)).length).toBeLessThan(4096);
  });

  test("an empty history is an answer too", () => {
    expect(historyParts([])).toEqual([{ event: "chat-history", lines: [] }]);
  });
});

describe("hands and reactions", () => {
  test("hands stand in the order of raising", () => {
    const talk = setHand(setHand(setHand(nothingSaid, "ben", true), "ada", true), "ben", true);
    expect(talk.hands).toEqual(["ben", "ada"]);
    expect(setHand(talk, "ben", false).hands).toEqual(["ada"]);
  });

  test("two reactions alike are two", () => {
    const talk = addReaction(addReaction(nothingSaid, "ada", "👍"), "ada", "👍");
    expect(talk.reactions.map(({ id }) => id)).toEqual([1, 2]);
  });
});

test.each([
  ["nothing", null],
  ["a word", "chat-msg"],
  ["a message of another program", { event: "something" }],
  ["an empty chat message", { event: "chat-msg", message: "  " }],
  ["a chat message that is a number", { event: "chat-msg", message: 5 }],
  ["a reaction of nobody", { event: "reaction", reaction: "<img>" }],
])("%s is not understood", (_, data) => {
  expect(understand(data)).toBeNull();
});

test("a chat message of another program gets an id, and an end", () => {
  const said = understand({ event: "chat-msg", name: "Bot", message: "x".repeat(5000), date: "2026-11-21" });
  expect(said).toMatchObject({ name: "Bot", message: "x".repeat(MAX_TEXT_LENGTH) });
  expect(said).toHaveProperty("id", expect.stringContaining("2026-11-21 Bot"));
});

test("a history with nonsense in it gives what is left", () => {
  expect(understand({ event: "chat-history", lines: [5, null, { id: "a", text: "hello", at: 1, name: "Ada" }, {}] })).toEqual(
    { event: "chat-history", lines: [{ id: "a", text: "hello", at: 1, name: "Ada" }] },
  );
});

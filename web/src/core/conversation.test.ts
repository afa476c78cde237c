import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { AppMessageFrom, FromServer, Joined, ParticipantView } from "../protocol/messages.gen";
import { Conversation } from "./conversation";
import { type Event, initialState, reduce, type State } from "./state";
import { Store } from "./store";
import { PageStorage, TabMemory } from "./tab-memory";
import { ada, ben, cleo, joined, room, welcome } from "./testing/cast";

/** One page, whose app messages a test carries. */
class Page {
  readonly store = new Store<State, Event>(reduce, initialState(""));
  readonly memory: TabMemory;
  readonly sent: { data: unknown; to: string | string[] | null }[] = [];
  readonly conversation: Conversation;
  #hear: (message: AppMessageFrom) => void = () => undefined;

  constructor(memory = new TabMemory(new PageStorage(), "room")) {
    this.memory = memory;
    this.conversation = new Conversation({
      memory,
      call: {
        store: this.store,
        sendAppMessage: (data, to = null) => void this.sent.push({ data, to }),
        onAppMessage: (hearer) => {
          this.#hear = hearer;
          return () => undefined;
        },
      },
    });
  }

  told(message: FromServer): void {
    this.store.dispatch({ type: "message", message });
  }

  enters(you: ParticipantView, others: ParticipantView[], change: Partial<Joined> = {}): this {
    this.told(welcome());
    this.told(joined(you, others, change));
    return this;
  }

  hears(sender: string | null, data: unknown): void {
    this.#hear({ type: "app-message-from", sender, data });
  }

  get texts(): string[] {
    return this.store.state.talk.lines.map(({ text }) => text);
  }

  asked(): (string | string[] | null)[] {
    return this.sent.filter(({ data }) => (data as { event: string }).event === "request-chat-history").map(({ to }) => to);
  }
}

const message = (text: string) => ({ event: "chat-msg", id: text, message: text, name: "Ben", date: "2026-11-21T10:00:00Z" });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what is written goes to everybody and stands in the own chat", () => {
  const page = new Page().enters(ada, [ben]);
  page.conversation.write("  Hello  ");
  page.conversation.write("   ");
  expect(page.sent.slice(1)).toMatchObject([{ to: null, data: { event: "chat-msg", message: "Hello", name: "Ada" } }]);
  expect(page.store.state.talk).toMatchObject({ unread: 0, lines: [{ text: "Hello", isOwn: true }] });
});

test("only those who are in the call, and the customer's own programs, write into the chat", () => {
  const page = new Page().enters(ada, [ben]);
  page.hears("ben", message("from Ben"));
  page.hears("stranger", message("from the lobby"));
  page.hears(null, message("from a program"));
  expect(page.texts).toEqual(["from Ben", "from a program"]);
  expect(page.store.state.talk.unread).toBe(2);
});

test("a newcomer asks whoever has been there longest, then the next, until one answers", () => {
  const page = new Page().enters(cleo, [ben, ada]);
  expect(page.asked()).toEqual([["ada"]]);
  vi.advanceTimersByTime(2000);
  expect(page.asked()).toEqual([["ada"], ["ben"]]);
  page.hears("ben", { event: "chat-history", lines: [{ id: "1", name: "Ada", text: "earlier", at: 1 }] });
  vi.advanceTimersByTime(10_000);
  expect(page.asked()).toHaveLength(2);
  expect(page.texts).toEqual(["earlier"]);
  expect(page.store.state.talk.unread).toBe(0);
});

test("who is asked tells what was said", () => {
  const page = new Page().enters(ada, [ben]);
  page.conversation.write("Hello");
  page.hears("ben", { event: "request-chat-history" });
  expect(page.sent.at(-1)).toMatchObject({ to: ["ben"], data: { event: "chat-history", lines: [{ text: "Hello", name: "Ada" }] } });
});

test.each([
  ["history is not shared", { enable_shared_chat_history: false }],
  ["there is no chat", { enable_chat: false }],
])("nobody asks or tells where %s", (_, change) => {
  const page = new Page().enters(ada, [ben], { room: { ...room, ...change } });
  page.hears("ben", { event: "request-chat-history" });
  vi.advanceTimersByTime(10_000);
  expect(page.sent).toEqual([]);
});

test("a reload keeps the chat, leaving forgets it", () => {
  const page = new Page().enters(ada, [ben]);
  page.conversation.write("Hello");
  expect(new Page(page.memory).enters(ada, [ben]).texts).toEqual(["Hello"]);
  page.store.dispatch({ type: "left" });
  expect(new Page(page.memory).enters(ada, [ben]).texts).toEqual([]);
});

test("who comes later learns of a hand that is up, and hands go down with their people", () => {
  const page = new Page().enters(ada, [ben]);
  page.conversation.raiseHand(true);
  page.hears("ben", { event: "hand", up: true });
  page.told({ type: "participant-joined", participant: cleo });
  expect(page.sent.at(-1)).toEqual({ to: ["cleo"], data: { event: "hand", up: true } });
  page.told({ type: "participant-left", session_id: "ben" });
  expect(page.store.state.talk.hands).toEqual(["ada"]);
});

test("a note from the lobby is said again to a host who comes later", () => {
  const page = new Page();
  const waiting = (owner_present: boolean) =>
    page.told({ type: "waiting", session_id: "cleo", resume: "ticket", owner_present });
  page.told(welcome({ access: "knock" }));
  waiting(false);
  page.conversation.leaveNote("I am late");
  waiting(true);
  expect(page.sent.map(({ data }) => data)).toEqual([
    { event: "lobby-note", text: "I am late" },
    { event: "lobby-note", text: "I am late" },
  ]);
});

test("notes are kept by who wrote them", () => {
  const page = new Page().enters(ada, []);
  page.hears("cleo", { event: "lobby-note", text: "May I?" });
  expect(page.store.state.view.notes).toEqual({ cleo: "May I?" });
});

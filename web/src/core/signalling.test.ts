import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FromServer } from "../protocol/messages.gen";
import { pauseBefore, Signalling } from "./signalling";
import { ada, joined, welcome } from "./testing/cast";
import { FakeNetwork } from "./testing/fake-socket";

let network: FakeNetwork;
let received: FromServer[];
let events: string[];
let signalling: Signalling;

beforeEach(() => {
  vi.useFakeTimers();
  network = new FakeNetwork();
  received = [];
  events = [];
  signalling = new Signalling({
    url: "ws://server/signalling",
    hello: () => ({ type: "hello", versions: [1], room: "room" }),
    onHello: () => undefined,
    onMessage: (message) => received.push(message),
    onLine: (line) => events.push(line),
    onClosed: (code) => events.push(`closed ${code}`),
    connect: network.connect,
  });
  signalling.start();
});

afterEach(() => {
  signalling.close();
  vi.useRealTimers();
});

const again = joined(ada, [], { resumed: true });

test("says hello first, and is open once the server has answered", () => {
  network.latest.accept();
  expect(network.latest.types()).toEqual(["hello"]);
  expect(events).toEqual([]);
  network.latest.say(welcome());
  expect(events).toEqual(["open"]);
  expect(received).toEqual([welcome()]);
});

test("pings every five seconds, and keeps a connection that answers", () => {
  network.latest.accept(welcome());
  for (let round = 0; round < 3; round++) {
    vi.advanceTimersByTime(5000);
    network.latest.say({ type: "pong" });
  }
  expect(network.latest.types()).toEqual(["hello", "ping", "ping", "ping"]);
  expect(network.sockets).toHaveLength(1);
  expect(received).toHaveLength(1);
});

test("gives a connection up that does not answer a ping within five seconds", () => {
  network.latest.accept(welcome());
  vi.advanceTimersByTime(9999);
  expect(events).toEqual(["open"]);
  vi.advanceTimersByTime(1);
  expect(events).toEqual(["open", "lost"]);
  expect(network.latest.isClosed).toBe(true);
  vi.advanceTimersByTime(1);
  expect(network.sockets).toHaveLength(2);
});

test("gives a connection up that never opens", () => {
  vi.advanceTimersByTime(5001);
  expect(network.sockets).toHaveLength(2);
});

test("connects again at once, then after growing pauses", () => {
  expect(pauseBefore(0)).toBe(0);
  const pauses = Array.from({ length: 20 }, (_, failures) => pauseBefore(failures));
  expect(pauses).toEqual([...pauses].sort((one, other) => one - other));
  expect(pauses.at(-1)).toBe(3000);
});

test("begins again with short pauses after a connection that worked", () => {
  for (let failure = 0; failure < 10; failure++) {
    network.latest.lose();
    vi.advanceTimersByTime(7000);
  }
  network.latest.accept(again);
  const before = network.sockets.length;
  network.latest.lose();
  vi.advanceTimersByTime(1);
  expect(network.sockets).toHaveLength(before + 1);
});

test("keeps what is said while the connection is down until the stay goes on", () => {
  network.latest.accept(again);
  network.latest.lose();
  signalling.send({ type: "admit", session_id: "ben" });
  vi.advanceTimersByTime(1);
  network.latest.accept(again);
  expect(network.latest.types()).toEqual(["hello", "admit"]);
});

test("forgets what was said in a stay that is lost", () => {
  network.latest.accept(again);
  network.latest.lose();
  signalling.send({ type: "admit", session_id: "ben" });
  vi.advanceTimersByTime(1);
  network.latest.accept(welcome());
  expect(network.latest.types()).toEqual(["hello"]);
});

test.each([4400, 4403, 4409, 4410, 4429])("does not connect again after %d", (code) => {
  network.latest.accept(welcome());
  network.latest.lose(code);
  vi.advanceTimersByTime(60_000);
  expect(events).toEqual(["open", `closed ${code}`]);
  expect(network.sockets).toHaveLength(1);
});

test.each([1000, 1001, 1006, 1011, 4408])("connects again after %d", (code) => {
  network.latest.accept(welcome());
  network.latest.lose(code);
  vi.advanceTimersByTime(1);
  expect(network.sockets).toHaveLength(2);
});

test("after a wake-up it asks at once whether the connection lives", () => {
  network.latest.accept(welcome());
  signalling.wake();
  expect(network.latest.types()).toEqual(["hello", "ping"]);
});

test("after a wake-up it does not wait out the pause", () => {
  network.latest.lose();
  vi.advanceTimersByTime(1);
  network.latest.lose();
  expect(network.sockets).toHaveLength(2);
  signalling.wake();
  expect(network.sockets).toHaveLength(3);
  vi.advanceTimersByTime(1000);
  expect(network.sockets).toHaveLength(3);
});

test("a closed one stays closed", () => {
  network.latest.accept(welcome());
  signalling.close();
  vi.advanceTimersByTime(60_000);
  expect(network.sockets).toHaveLength(1);
});

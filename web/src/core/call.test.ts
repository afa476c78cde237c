import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Call } from "./call";
import { PageStorage, TabMemory } from "./tab-memory";
import { ada, ben, guestRights, joined, knock, room, welcome } from "./testing/cast";
import { FakeMedia } from "./testing/fake-media";
import { FakeNetwork } from "./testing/fake-socket";

let network: FakeNetwork;
let media: FakeMedia;
let memory: TabMemory;
let call: Call;

function open(): Call {
  call = new Call({
    room: "room",
    signallingUrl: "ws://server/signalling",
    userName: "",
    lang: null,
    isDriven: false,
    memory,
    chosenDevices: { microphone: "", camera: "", speaker: "" },
    media: media.devices,
    situationOf: async () => ({ secureContext: true, allowedInFrame: true, permission: "denied" }),
    connect: network.connect,
  });
  call.start();
  return call;
}

/** Let devices open, which takes no time but some turns. */
const devicesOpen = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1);
const stage = (): string => call.store.state.stage.name;
const last = (): unknown => network.latest.sent.at(-1);

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(1_000_000_000);
  network = new FakeNetwork();
  media = new FakeMedia();
  memory = new TabMemory(new PageStorage(), "room");
});

afterEach(() => {
  call.leave();
  vi.useRealTimers();
});

const waiting = { type: "waiting", session_id: "ben", resume: "lobby ticket", owner_present: true } as const;

test("hello carries the room, the token and the ticket, and opens no camera before the answer", () => {
  memory.arriveWith("secret");
  memory.keepResume("ticket");
  open();
  network.latest.accept();
  const enter = { user_name: "", media: { audio: false, video: false, screen: false } };
  expect(last()).toEqual({ type: "hello", versions: [1], room: "room", token: "secret", resume: "ticket", enter });
  expect(media.questions).toEqual([]);
});

test("joins with the name and with what it sends", async () => {
  open();
  network.latest.accept(welcome());
  await devicesOpen();
  call.join("Ben");
  expect(last()).toEqual({ type: "join", user_name: "Ben", media: { audio: true, video: true, screen: false } });
});

test("a room that starts with camera and microphone off is joined so", async () => {
  open();
  network.latest.accept(welcome({ room: { ...room, start_video_off: true, start_audio_off: true } }));
  await devicesOpen();
  call.join("Ben");
  expect(last()).toMatchObject({ media: { audio: false, video: false } });
  expect(media.live("video")).toBe(0);
});

test("without prejoin the hello is all that it says to enter, before the camera is open", async () => {
  open();
  network.latest.accept(welcome({ room: { ...room, enable_prejoin_ui: false } }));
  expect(stage()).toBe("loading");
  expect(network.latest.types()).toEqual(["hello"]);
  await devicesOpen();
  network.latest.say(joined(ada, []));
  expect(network.latest.types()).toEqual(["hello"]);
});

test("tells the others when camera, microphone or screen change, once each", async () => {
  open();
  network.latest.accept(welcome());
  await devicesOpen();
  call.join("Ada");
  network.latest.say(joined(ada, []));
  await call.setInput("microphone", false);
  expect(last()).toEqual({ type: "set-media", media: { audio: false, video: true, screen: false } });
  await call.shareScreen();
  call.stopSharing();
  await devicesOpen();
  expect(network.latest.types()).toEqual(["hello", "join", "set-media", "set-media", "set-media"]);
  expect(last()).toMatchObject({ media: { screen: false } });
});

test("a reload goes on with the ticket, and with the microphone as it was", async () => {
  memory.keepResume("ticket");
  memory.keepWishes({ microphone: false, camera: true });
  open();
  network.latest.accept(joined({ ...ada, media: { audio: false, video: true, screen: false } }, [], { resumed: true }));
  await devicesOpen();
  expect(stage()).toBe("call");
  expect(call.store.state.devices).toMatchObject({ microphone: { wanted: false }, camera: { wanted: true } });
  expect(network.latest.types()).not.toContain("join");
  expect(last()).toEqual({ type: "set-media", media: { audio: false, video: true, screen: false } });
});

test("a connection that comes back changes nothing for the person", async () => {
  open();
  network.latest.accept(welcome());
  await devicesOpen();
  call.join("Ada");
  network.latest.say(joined(ada, []));
  network.latest.lose();
  await call.setInput("camera", false);
  await vi.advanceTimersByTimeAsync(1);
  network.latest.accept(joined(ada, [], { resumed: true }));
  expect(network.latest.sent[0]).toMatchObject({ type: "hello", resume: "ticket" });
  expect(last()).toEqual({ type: "set-media", media: { audio: true, video: false, screen: false } });
});

test("a place that was lost is asked for again", () => {
  open();
  network.latest.accept(welcome());
  call.join("Ben");
  network.latest.say(joined(ben, []));
  network.latest.lose();
  vi.advanceTimersByTime(1);
  network.latest.accept(welcome());
  expect(last()).toMatchObject({ type: "join", user_name: "Ben" });
  expect(memory.resume).toBe(null);
});

test("a join that met a lost connection is said again", () => {
  open();
  network.latest.accept(welcome());
  network.latest.lose();
  call.join("Ben");
  vi.advanceTimersByTime(1);
  network.latest.accept(welcome());
  expect(network.latest.types()).toEqual(["hello", "join"]);
});

test("the lobby has a ticket of its own", () => {
  open();
  network.latest.accept(welcome({ access: "knock" }));
  call.join("Ben");
  network.latest.say(waiting);
  expect(stage()).toBe("lobby");
  expect(memory.resume).toBe("lobby ticket");
});

test("an owner's answer to a knock is sent", () => {
  open();
  network.latest.accept(welcome(), joined(ada, [], { knocks: [knock("Ben")] }));
  call.admit("ben");
  expect(last()).toEqual({ type: "admit", session_id: "ben" });
  call.deny("ben");
  expect(last()).toEqual({ type: "deny", session_id: "ben" });
});

test("leaving says so, lets the devices go, and keeps only the invitation", async () => {
  memory.arriveWith("secret");
  open();
  network.latest.accept(welcome());
  await devicesOpen();
  call.join("Ada");
  network.latest.say(joined(ada, []));
  call.leave();
  expect(last()).toEqual({ type: "leave" });
  expect(stage()).toBe("left");
  expect(network.latest.isClosed).toBe(true);
  expect([media.live("audio"), media.live("video")]).toEqual([0, 0]);
  expect(memory).toMatchObject({ token: "secret", resume: null });
});

test("who left can join again with the same right", async () => {
  memory.arriveWith("secret");
  open();
  network.latest.accept(welcome());
  await devicesOpen();
  call.leave();
  call.again();
  network.latest.accept(welcome());
  await devicesOpen();
  expect(network.latest.sent[0]).toMatchObject({ type: "hello", token: "secret", resume: null });
  expect(stage()).toBe("prejoin");
  expect(media.live("video")).toBe(1);
});

test("a refusal opens no camera, and a token that is no good is forgotten", () => {
  memory.arriveWith("old");
  open();
  network.latest.accept();
  network.latest.say({ type: "refused", reason: "exp-token", message: "", at: 1, because: null });
  expect(stage()).toBe("refused");
  expect(media.questions).toEqual([]);
  expect(memory.token).toBe(null);
});

test("a room that opens later is tried again when it opens", () => {
  open();
  network.latest.accept();
  network.latest.say({ type: "refused", reason: "nbf-room", message: "", at: Date.now() / 1000 + 60, because: null });
  network.latest.lose(4403);
  vi.advanceTimersByTime(59_000);
  expect(network.sockets).toHaveLength(1);
  vi.advanceTimersByTime(1000);
  expect(network.sockets).toHaveLength(2);
  expect(stage()).toBe("loading");
});

test("who was sent out is not let back in by a reload", () => {
  memory.arriveWith("secret");
  open();
  network.latest.accept(welcome(), joined(ada, []));
  network.latest.say({ type: "ended", reason: "room-deleted", message: "" });
  network.latest.lose(4410);
  expect(stage()).toBe("ended");
  expect(memory).toMatchObject({ token: null, resume: null });
  vi.advanceTimersByTime(60_000);
  expect(network.sockets).toHaveLength(1);
});

test("what a host does to others is sent as it is asked for", () => {
  open();
  network.latest.accept(welcome(), joined(ada, []));
  call.eject("ben", { ban: true });
  expect(last()).toEqual({ type: "eject", session_id: "ben", ban: true });
  call.mute("ben", "video");
  expect(last()).toEqual({ type: "mute", session_id: "ben", source: "video" });
  call.updatePermissions("ben", { can_send: ["audio"] });
  expect(last()).toEqual({ type: "update-permissions", session_id: "ben", permissions: { can_send: ["audio"] } });
  call.lock(true);
  expect(last()).toEqual({ type: "lock", on: true });
  call.setSessionData({ step: 2 }, "shallow-merge", ["old"]);
  expect(last()).toEqual({
    type: "set-session-data",
    data: { step: 2 },
    merge_strategy: "shallow-merge",
    keys_to_delete: ["old"],
  });
});

test("pages hear each other's messages until they stop listening", () => {
  open();
  network.latest.accept(welcome(), joined(ada, []));
  const heard: unknown[] = [];
  const stop = call.onAppMessage(({ data, sender }) => heard.push([sender, data]));
  call.sendAppMessage({ chat: "Hello" }, "ben");
  expect(last()).toEqual({ type: "app-message", to: ["ben"], data: { chat: "Hello" } });
  call.sendAppMessage("all");
  expect(last()).toEqual({ type: "app-message", to: null, data: "all" });
  network.latest.say({ type: "app-message-from", sender: "ben", data: { chat: "Good morning" } });
  stop();
  network.latest.say({ type: "app-message-from", sender: "ben", data: "unheard" });
  expect(heard).toEqual([["ben", { chat: "Good morning" }]]);
});

test("whom a host mutes is silent at once, can see who did it, and may speak again", async () => {
  open();
  network.latest.accept(welcome());
  await devicesOpen();
  call.join("Ben");
  network.latest.say(joined(ben, []), { type: "muted", source: "audio", by: "ada" });
  await devicesOpen();
  expect(call.store.state.devices.microphone.wanted).toBe(false);
  expect(last()).toEqual({ type: "set-media", media: { audio: false, video: true, screen: false } });
  expect(call.store.state.stage).toMatchObject({ muted: { source: "audio", by: "ada" } });
  call.dismissMuted();
  expect(call.store.state.stage).toMatchObject({ muted: null });
  await call.setInput("microphone", true);
  expect(last()).toMatchObject({ media: { audio: true } });
});

test("who may send no longer lets the devices go, and gets them back only by asking", async () => {
  open();
  network.latest.accept(welcome());
  await devicesOpen();
  call.join("Ben");
  network.latest.say(joined(ben, []));
  const permitted = (can_send: typeof guestRights.can_send) =>
    network.latest.say({
      type: "participant-updated",
      participant: { ...ben, permissions: { ...guestRights, can_send } },
    });
  permitted([]);
  await devicesOpen();
  expect([media.live("audio"), media.live("video")]).toEqual([0, 0]);
  expect(last()).toEqual({ type: "set-media", media: { audio: false, video: false, screen: false } });
  await call.setInput("camera", true);
  await call.shareScreen();
  expect(media.live("video")).toBe(0);
  permitted(["video", "audio"]);
  await call.setInput("camera", true);
  expect(call.store.state.devices.permitted).toEqual({ microphone: true, camera: true, screen: false });
  expect(last()).toMatchObject({ media: { audio: false, video: true } });
});

test("who may send nothing from the start is asked for no device", async () => {
  open();
  const you = { user_name: "", is_owner: false, permissions: { ...guestRights, can_send: [] } };
  network.latest.accept(welcome({ you }));
  await devicesOpen();
  expect(media.questions).toEqual([]);
});

test("a new ticket takes the place of the old one", () => {
  open();
  network.latest.accept(welcome(), joined(ada, []), { type: "resume", resume: "newer" });
  expect(memory.resume).toBe("newer");
});

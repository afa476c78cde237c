import { expect, test } from "vitest";
import type { FromServer } from "../protocol/messages.gen";
import type { Remote } from "./mesh";
import { type Event, initialState, reduce, type State } from "./state";
import { ada, ben, cleo, guestRights, joined, knock, room, welcome } from "./testing/cast";

const start = initialState("");
const said = (message: FromServer): Event => ({ type: "message", message });
const after = (...events: (Event | FromServer)[]): State =>
  events.reduce((state, event) => reduce(state, isMessage(event) ? said(event) : event), start);

const OWN = new Set(["message", "line", "closed", "restarted", "entering", "left", "remote", "answered", "settled"]);
const isMessage = (event: Event | FromServer): event is FromServer => !OWN.has(event.type);

const remote = (link: Remote["link"]): Remote => ({ link }) as Remote;

test("the way of a guest: prejoin, lobby, call", () => {
  const prejoin = after(welcome({ access: "knock" }));
  expect(prejoin).toMatchObject({ stage: { name: "prejoin", entering: false }, access: "knock", room });
  const entering = after(welcome({ access: "knock" }), { type: "entering", userName: "Ben" });
  expect(entering).toMatchObject({ stage: { name: "prejoin", entering: true }, userName: "Ben" });
  const waiting: FromServer = { type: "waiting", session_id: "ben", resume: "", owner_present: false };
  expect(after(welcome(), waiting).stage).toEqual({ name: "lobby", ownerPresent: false });
  expect(after(welcome(), waiting, joined(ben, [ada])).stage).toMatchObject({ name: "call", others: [ada] });
});

test("a token's name wins over one that was known before", () => {
  const state = reduce(initialState("Benny"), said(welcome({ you: { user_name: "Ben", is_owner: false, permissions: guestRights } })));
  expect(state.userName).toBe("Ben");
});

test("without prejoin the page goes from loading into the call", () => {
  const direct = welcome({ room: { ...room, enable_prejoin_ui: false } });
  expect(after(direct, { type: "entering", userName: "Ben" }).stage.name).toBe("loading");
});

test("a second welcome disturbs nobody at prejoin or in the call", () => {
  expect(after(welcome(), { type: "entering", userName: "Ben" }, welcome()).stage).toMatchObject({ entering: true });
  expect(after(joined(ada, [ben]), welcome()).stage.name).toBe("call");
});

test("people come, change and go", () => {
  const muted = { ...ben, media: { ...ben.media, audio: false } };
  expect(after(joined(ada, []), { type: "participant-joined", participant: ben }).stage).toMatchObject({ others: [ben] });
  expect(after(joined(ada, [ben]), { type: "participant-updated", participant: muted }).stage).toMatchObject({
    others: [muted],
  });
  expect(
    after(joined(ada, [ben, cleo]), { type: "participant-left", session_id: "ben" }).stage,
  ).toMatchObject({ others: [cleo] });
});

test("what changes of oneself is not taken for somebody else", () => {
  const muted = { ...ada, media: { ...ada.media, audio: false } };
  expect(after(joined(ada, [ben]), { type: "participant-updated", participant: muted }).stage).toMatchObject({
    you: muted,
    others: [ben],
  });
});

test("what is received of a person goes with the person", () => {
  const known: Event = { type: "remote", sessionId: "ben", remote: remote("connected") };
  expect(after(joined(ada, [ben]), known).stage).toMatchObject({ remotes: { ben: { link: "connected" } } });
  const gone = after(joined(ada, [ben]), known, { type: "participant-left", session_id: "ben" });
  expect(gone.stage).toMatchObject({ remotes: {} });
  expect(after(joined(ada, [ben]), known, joined(ada, [ben], { resumed: true })).stage).toMatchObject({
    remotes: { ben: { link: "connected" } },
  });
});

test("after a resume, who is not in the list has left", () => {
  const state = after(joined(ada, [ben, cleo]), joined(ada, [cleo], { resumed: true }));
  expect(state.stage).toMatchObject({ others: [cleo], awaited: [] });
});

test("while a restarted server settles, those who are not back yet stay in the call", () => {
  const resumed = joined(ada, [cleo], { resumed: true, settling_seconds: 20 });
  const state = after(joined(ada, [ben, cleo]), resumed);
  expect(state.stage).toMatchObject({ others: [ben, cleo], awaited: ["ben"] });
  const back = after(joined(ada, [ben, cleo]), resumed, { type: "participant-joined", participant: ben }, { type: "settled" });
  expect(back.stage).toMatchObject({ others: [ben, cleo], awaited: [] });
  expect(after(joined(ada, [ben, cleo]), resumed, { type: "settled" }).stage).toMatchObject({ others: [cleo] });
});

test("knocks come and go, and one that is answered is not asked about again", () => {
  const asked = after(joined(ada, []), { type: "knock", knock: knock("Ben") }, { type: "answered", sessionId: "ben" });
  expect(asked.stage).toMatchObject({ knocks: [{ session_id: "ben" }], answered: ["ben"] });
  const gone = reduce(asked, said({ type: "knock-gone", session_id: "ben", outcome: "admitted" }));
  expect(gone.stage).toMatchObject({ knocks: [], answered: [] });
});

test("a full call says so, and the knock can be answered again", () => {
  const state = after(
    joined(ada, [], { knocks: [knock("Ben")] }),
    { type: "answered", sessionId: "ben" },
    { type: "problem", code: "meeting-full", message: "" },
  );
  expect(state).toMatchObject({ problem: "meeting-full", stage: { knocks: [{ session_id: "ben" }], answered: [] } });
});

test("that somebody else answered a knock first is no problem to show", () => {
  expect(after(joined(ada, []), { type: "problem", code: "not-found", message: "" }).problem).toBe(null);
});

test("the ways to end", () => {
  expect(after(welcome(), { type: "refused", reason: "no-room", message: "", at: null, because: null }).stage).toEqual({
    name: "refused",
    reason: "no-room",
    at: null,
    because: null,
  });
  expect(after(joined(ada, []), { type: "ended", reason: "room-deleted", message: "" }).stage).toEqual({
    name: "ended",
    reason: "room-deleted",
  });
  expect(after(joined(ada, []), { type: "left" }).stage.name).toBe("left");
});

test("a closed connection ends what no message has ended", () => {
  expect(after(joined(ada, []), { type: "closed", code: 4409 }).stage).toEqual({ name: "ended", reason: "replaced" });
  expect(after(joined(ada, []), { type: "closed", code: 4400 }).stage).toEqual({ name: "ended", reason: "defect" });
  const denied: FromServer = { type: "ended", reason: "denied", message: "" };
  expect(after(joined(ada, []), denied, { type: "closed", code: 4410 }).stage).toMatchObject({ reason: "denied" });
});

test("a lost connection to the server leaves the call as it is", () => {
  const state = after(joined(ada, [ben]), { type: "line", line: "lost" });
  expect(state).toMatchObject({ line: "lost", stage: { name: "call", others: [ben] } });
});

const hidden = (who: typeof ben): typeof ben => ({ ...who, permissions: { ...guestRights, has_presence: false } });

test("hidden people stand in no list of people, but are known", () => {
  const shown = after(joined(ada, [ben, hidden(cleo)]));
  expect(shown.stage).toMatchObject({ others: [{ session_id: "ben" }], hidden: [{ session_id: "cleo" }] });
  const media: Event = { type: "remote", sessionId: "cleo", remote: remote("connected") };
  expect(reduce(shown, media).stage).toMatchObject({ remotes: {} });
  const seen = reduce(shown, said({ type: "participant-updated", participant: cleo }));
  expect(seen.stage).toMatchObject({ others: [{ session_id: "ben" }, { session_id: "cleo" }], hidden: [] });
  const unseen = reduce(seen, said({ type: "participant-updated", participant: hidden(ben) }));
  expect(unseen.stage).toMatchObject({ others: [{ session_id: "cleo" }], hidden: [{ session_id: "ben" }] });
  const gone = reduce(unseen, said({ type: "participant-left", session_id: "ben" }));
  expect(gone.stage).toMatchObject({ others: [{ session_id: "cleo" }], hidden: [] });
});

test("who may admit from now on sees who waits, and who no longer may does not", () => {
  const may = after(joined(ben, []), { type: "lobby", may_admit: true, knocks: [knock("Cleo")] });
  expect(may.stage).toMatchObject({ mayAdmit: true, knocks: [{ session_id: "cleo" }] });
  expect(reduce(may, said({ type: "lobby", may_admit: false, knocks: [] })).stage).toMatchObject({ mayAdmit: false, knocks: [] });
});

test("a lock and the data of the session are everybody's", () => {
  const state = after(joined(ben, []), { type: "locked", on: true }, { type: "session-data", data: { step: 2 } });
  expect(state.stage).toMatchObject({ locked: true, sessionData: { step: 2 } });
});

test("a new name of one's own is kept for the next entrance", () => {
  const renamed: FromServer = { type: "participant-updated", participant: { ...ben, user_name: "Benjamin" } };
  expect(after(joined(ben, []), renamed)).toMatchObject({ userName: "Benjamin", stage: { you: { user_name: "Benjamin" } } });
});

test("a call that is prolonged ends later for everybody who has an end, and for nobody else", () => {
  const ending = { ...ada, will_eject_at: 5000 };
  const people = joined(ending, [ben, { ...cleo, will_eject_at: 4000 }]);
  const { stage } = after(people, { type: "extended", by: "ada", seconds: 600 });
  expect(stage).toMatchObject({
    you: { will_eject_at: 5600 },
    others: [{ will_eject_at: null }, { will_eject_at: 4600 }],
    extensions: ["ada"],
  });
});

import { expect, test } from "vitest";
import type { FromServer, RecordingNotice } from "../protocol/messages.gen";
import { type Happening, happenings } from "./happenings";
import { initialState, reduce, type State } from "./state";
import { ada, ben, cleo, joined, knock, welcome } from "./testing/cast";

const said = (state: State, message: FromServer): State => reduce(state, { type: "message", message });
const inCall = said(initialState(""), joined(ada, [ben]));

function told(state: State, message: FromServer): Happening[] {
  return happenings(said(state, message), state);
}

test("who is there already when one enters is not announced", () => {
  expect(told(initialState(""), joined(ada, [ben, cleo]))).toEqual([]);
});

const recorded: RecordingNotice = {
  recordings: [
    { recording_id: "r", instance_id: "i", kind: "cloud", layout: "default", started_by: null, started_at: 1 },
  ],
  consent: null,
};

test("a recording is announced when it begins and ends, and to whoever comes into it, but not after a lost line", () => {
  const began = said(inCall, { type: "recording-changed", recording: recorded });

  expect(happenings(began, inCall)).toEqual([{ kind: "recording-started" }]);
  expect(happenings(inCall, began)).toEqual([{ kind: "recording-stopped" }]);
  expect(told(initialState(""), joined(ben, [ada], { recording: recorded }))).toEqual([{ kind: "recording-started" }]);
  expect(told(began, joined(ada, [ben], { resumed: true, recording: recorded }))).toEqual([]);
});

test("the question for consent is announced once", () => {
  const consent = { question: "May we?", answer: "open" as const, missing: 1, left_out: [] };
  const asked = said(inCall, { type: "recording-changed", recording: { recordings: [], consent } });

  expect(happenings(asked, inCall)).toEqual([{ kind: "consent-asked" }]);
  expect(told(asked, { type: "recording-changed", recording: { recordings: [], consent: { ...consent, missing: 0, left_out: [] } } })).toEqual([]);
});

test("who knocks already when one enters is announced", () => {
  expect(told(initialState(""), joined(ada, [], { knocks: [knock("Ben")] }))).toEqual([
    { kind: "knocks", name: "Ben", sessionId: "ben" },
  ]);
});

test.each<[string, FromServer, Happening]>([
  ["a newcomer", { type: "participant-joined", participant: cleo }, { kind: "joined", name: "Cleo" }],
  ["somebody who leaves", { type: "participant-left", session_id: "ben" }, { kind: "left", name: "Ben" }],
  [
    "somebody whose connection is lost",
    { type: "participant-updated", participant: { ...ben, connected: false } },
    { kind: "interrupted", name: "Ben" },
  ],
  [
    "somebody who shares a screen",
    { type: "participant-updated", participant: { ...ben, media: { ...ben.media, screen: true } } },
    { kind: "shares", name: "Ben" },
  ],
  ["ten minutes more", { type: "extended", by: "ben", seconds: 600 }, { kind: "extended" }],
  ["a knock", { type: "knock", knock: knock("Cleo") }, { kind: "knocks", name: "Cleo", sessionId: "cleo" }],
])("announces %s", (_, message, happening) => {
  expect(told(inCall, message)).toEqual([happening]);
});

test("muting is no news", () => {
  const muted = { ...ben, media: { ...ben.media, audio: false } };
  expect(told(inCall, { type: "participant-updated", participant: muted })).toEqual([]);
});

test("after a reconnection it tells who came and went meanwhile, and nothing of who stayed", () => {
  expect(told(inCall, joined(ada, [cleo], { resumed: true }))).toEqual([
    { kind: "joined", name: "Cleo" },
    { kind: "left", name: "Ben" },
  ]);
  expect(told(inCall, joined(ada, [ben], { resumed: true }))).toEqual([]);
});

test("the connection to the server is told when it goes and when it is back, not when it is first there", () => {
  const first = said(initialState(""), welcome());
  const open = reduce(first, { type: "line", line: "open" });
  const lost = reduce(open, { type: "line", line: "lost" });
  expect(happenings(open, first)).toEqual([]);
  expect(happenings(lost, open)).toEqual([{ kind: "line-lost" }]);
  expect(happenings(open, lost)).toEqual([{ kind: "line-back" }]);
});

// Everything that views show, and the one function that changes it.

import {
  CloseCode,
  type EndReason,
  type FromServer,
  type KnockView,
  type ParticipantView,
  type ProblemCode,
  type RefusalReason,
  type RoomView,
  type SelfView,
} from "../protocol/messages.gen";
import { type DevicesView, noDevices } from "./devices";
import type { Remote } from "./mesh";
import type { Line } from "./signalling";
import { nothingSaid, setHand, type Talk } from "./talk";
import { plainView, type View, type ViewEvent, viewChanges } from "./view";

/** Where the person is on the way through a call. */
export type Stage =
  | { name: "loading" }
  /** `entering`: they have pressed the button, and the server has not answered yet. */
  | { name: "prejoin"; entering: boolean }
  | { name: "lobby"; ownerPresent: boolean }
  | InCall
  /** `at`: unix seconds of the limit that refused, if a time did. */
  | { name: "refused"; reason: RefusalReason; at: number | null }
  | { name: "left" }
  | { name: "ended"; reason: EndReason | "defect" };

export interface InCall {
  name: "call";
  you: ParticipantView;
  /** Everybody else, in the order in which they came. */
  others: ParticipantView[];
  /** Session ids of those in `others` of whom a restarted server has not heard yet. */
  awaited: string[];
  remotes: Readonly<Record<string, Remote>>;
  knocks: KnockView[];
  mayAdmit: boolean;
  /** Session ids of knocks that are answered, while the server has not confirmed it. */
  answered: string[];
}

export interface State {
  stage: Stage;
  line: Line;
  /** Known from the first answer of the server on. */
  room: RoomView | null;
  /** What the server knows of the person. */
  you: SelfView | null;
  access: "enter" | "knock";
  /** The name under which the person entered or wants to enter. */
  userName: string;
  /** The language that the address or the embedding page wishes; it comes before the room's. */
  lang: string | null;
  devices: DevicesView;
  /** The browser plays no sound before the person clicks. */
  soundBlocked: boolean;
  /** What the server could not do for the person; null once they have seen it. */
  problem: ProblemCode | null;
  /** Chat, hands and reactions. */
  talk: Talk;
  /** How the person looks at the call. */
  view: View;
}

export type Event =
  | { type: "message"; message: FromServer }
  | { type: "line"; line: Line }
  | { type: "closed"; code: number }
  | { type: "restarted" }
  | { type: "entering"; userName: string }
  | { type: "left" }
  | { type: "remote"; sessionId: string; remote: Remote }
  | { type: "answered"; sessionId: string }
  /** The time in which people come back to a restarted server is over. */
  | { type: "settled" }
  | { type: "devices"; devices: DevicesView }
  | { type: "sound-blocked"; blocked: boolean }
  | { type: "problem-seen" }
  | ViewEvent;

export function initialState(userName: string, lang: string | null = null): State {
  return {
    stage: { name: "loading" },
    line: "connecting",
    room: null,
    you: null,
    access: "enter",
    userName,
    lang,
    devices: noDevices,
    soundBlocked: false,
    problem: null,
    talk: nothingSaid,
    view: plainView,
  };
}

type Change<Of extends { type: string }> = {
  [Type in Of["type"]]: (state: State, of: Extract<Of, { type: Type }>) => State;
};

/** The state after the event. */
export function reduce(state: State, event: Event): State {
  const change = changes[event.type] as (state: State, event: Event) => State;
  return change(state, event);
}

const changes: Change<Event> = {
  ...viewChanges,
  message: (state, { message }) => {
    const change = messageChanges[message.type] as (state: State, message: FromServer) => State;
    return change(state, message);
  },
  line: (state, { line }) => ({ ...state, line }),
  closed: (state, { code }) => (isOver(state.stage) ? state : { ...state, stage: closedBy(code) }),
  restarted: (state) => ({
    ...state,
    stage: { name: "loading" },
    line: "connecting",
    problem: null,
    talk: nothingSaid,
    view: plainView,
  }),
  entering: (state, { userName }) => ({
    ...state,
    userName,
    stage: state.stage.name === "prejoin" ? { name: "prejoin", entering: true } : state.stage,
  }),
  left: (state) => ({ ...state, stage: { name: "left" } }),
  remote: (state, { sessionId, remote }) =>
    inCall(state, (call) => ({ remotes: { ...call.remotes, [sessionId]: remote } })),
  answered: (state, { sessionId }) =>
    inCall({ ...state, problem: null }, (call) => ({ answered: [...call.answered, sessionId] })),
  settled: (state) =>
    inCall(state, ({ others, remotes, awaited }) => {
      const present = others.filter(({ session_id }) => !awaited.includes(session_id));
      return { others: present, remotes: only(remotes, present), awaited: [] };
    }),
  devices: (state, { devices }) => ({ ...state, devices }),
  "sound-blocked": (state, { blocked }) => ({ ...state, soundBlocked: blocked }),
  "problem-seen": (state) => ({ ...state, problem: null }),
};

const messageChanges: Change<FromServer> = {
  welcome: (state, { room, you, access }) => ({
    ...state,
    room,
    you,
    access,
    userName: you.user_name || state.userName,
    stage: state.stage.name === "loading" && room.enable_prejoin_ui
      ? { name: "prejoin", entering: false }
      : state.stage,
  }),
  refused: (state, { reason, at }) => ({ ...state, stage: { name: "refused", reason, at } }),
  joined: (state, { you, room, participants, settling_seconds, knocks, may_admit }) => {
    const before = state.stage.name === "call" && state.stage.you.session_id === you.session_id ? state.stage : null;
    const present = new Set(participants.map(({ session_id }) => session_id));
    const missing = (before?.others ?? []).filter(({ session_id }) => !present.has(session_id));
    const awaited = settling_seconds > 0 ? missing : [];
    const others = [...awaited, ...participants];
    return {
      ...state,
      room,
      userName: you.user_name,
      stage: {
        name: "call",
        you,
        others,
        awaited: awaited.map(({ session_id }) => session_id),
        remotes: only(before?.remotes ?? {}, others),
        knocks,
        mayAdmit: may_admit,
        answered: [],
      },
    };
  },
  waiting: (state, { owner_present }) => ({
    ...state,
    stage: { name: "lobby", ownerPresent: owner_present },
  }),
  "participant-joined": (state, { participant }) =>
    inCall(state, ({ others, awaited }) =>
      awaited.includes(participant.session_id)
        ? {
            others: replaced(others, participant),
            awaited: awaited.filter((sessionId) => sessionId !== participant.session_id),
          }
        : { others: [...without(others, participant.session_id), participant] },
    ),
  "participant-updated": (state, { participant }) =>
    inCall(state, ({ you, others }) =>
      participant.session_id === you.session_id
        ? { you: participant }
        : { others: replaced(others, participant) },
    ),
  "participant-left": (state, { session_id }) =>
    inCall({ ...state, talk: setHand(state.talk, session_id, false) }, (call) => {
      const others = without(call.others, session_id);
      return { others, remotes: only(call.remotes, others) };
    }),
  knock: (state, { knock }) =>
    inCall(state, ({ knocks }) => ({ knocks: [...without(knocks, knock.session_id), knock] })),
  "knock-gone": (state, { session_id }) =>
    inCall(state, ({ knocks, answered }) => ({
      knocks: without(knocks, session_id),
      answered: answered.filter((answer) => answer !== session_id),
    })),
  ended: (state, { reason }) => ({ ...state, stage: { name: "ended", reason } }),
  // `not-found` says that somebody else answered a knock first, which is no news for a person.
  problem: (state, { code }) =>
    inCall({ ...state, problem: code === "not-found" ? state.problem : code }, () => ({ answered: [] })),
  "description-from": (state) => state,
  "candidate-from": (state) => state,
  pong: (state) => state,
};

/** True once the person's stay is over. */
export function isOver(stage: Stage): boolean {
  return stage.name === "refused" || stage.name === "left" || stage.name === "ended";
}

function closedBy(code: number): Stage {
  return { name: "ended", reason: code === CloseCode.TAKEN_OVER ? "replaced" : "defect" };
}

function inCall(state: State, change: (call: InCall) => Partial<InCall>): State {
  if (state.stage.name !== "call") return state;
  return { ...state, stage: { ...state.stage, ...change(state.stage) } };
}

function without<Item extends { session_id: string }>(items: Item[], sessionId: string): Item[] {
  return items.filter((item) => item.session_id !== sessionId);
}

function replaced(others: ParticipantView[], participant: ParticipantView): ParticipantView[] {
  return others.map((other) => (other.session_id === participant.session_id ? participant : other));
}

function only(remotes: InCall["remotes"], participants: ParticipantView[]): InCall["remotes"] {
  const present = new Set(participants.map((participant) => participant.session_id));
  return Object.fromEntries(Object.entries(remotes).filter(([sessionId]) => present.has(sessionId)));
}

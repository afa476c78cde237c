// Everything that views show, and the one function that changes it.

import {
  type Because,
  CloseCode,
  type EndReason,
  type FromServer,
  type KnockView,
  type Muted,
  type ParticipantView,
  type ProblemCode,
  type RecordingNotice,
  type RefusalReason,
  type RoomView,
  type SelfView,
} from "../protocol/messages.gen";
import { type DevicesView, noDevices } from "./devices";
import { iceServer } from "./ice-server";
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
  /** `at`: unix seconds of the limit that refused, if a time did. `because`: more about `not-allowed`. */
  | { name: "refused"; reason: RefusalReason; at: number | null; because: Because | null }
  | { name: "left" }
  | { name: "ended"; reason: EndReason | "defect" };

export interface InCall {
  name: "call";
  you: ParticipantView;
  /** Everybody else, in the order in which they came; hidden people are not among them. */
  others: ParticipantView[];
  /** Who receives and is not to be shown; their views say no more than the session id. */
  hidden: ParticipantView[];
  /** Session ids of those in `others` and `hidden` of whom a restarted server has not heard yet. */
  awaited: string[];
  remotes: Readonly<Record<string, Remote>>;
  knocks: KnockView[];
  /** Also: eject, mute, change permissions, lock. */
  mayAdmit: boolean;
  mayRecord: boolean;
  recording: RecordingNotice;
  /** Why a recording could not be made, in words for a person; null once they have seen it. */
  recordingFailure: string | null;
  /** Nobody new gets in without being admitted. */
  locked: boolean;
  /** Media goes over a media server. */
  isCarried: boolean;
  /** What everybody in the call knows together. */
  sessionData: Record<string, unknown>;
  /** What a host switched off of ours, and which host; null once the person has seen it. */
  muted: Pick<Muted, "source" | "by"> | null;
  /** Session ids of knocks that are answered, while the server has not confirmed it. */
  answered: string[];
  /** Session ids of those who prolonged the call, once for each time. */
  extensions: string[];
}

export interface State {
  stage: Stage;
  line: Line;
  /** Known from the first answer of the server on. */
  room: RoomView | null;
  /** What the server knows of the person. */
  you: SelfView | null;
  /** For a test of the connection before joining. */
  iceServers: RTCIceServer[];
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
  | { type: "recording-failure-seen" }
  | { type: "muted-seen" }
  | ViewEvent;

export function initialState(userName: string, lang: string | null = null): State {
  return {
    stage: { name: "loading" },
    line: "connecting",
    room: null,
    you: null,
    iceServers: [],
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
    inCall(state, (call) =>
      call.hidden.some(({ session_id }) => session_id === sessionId)
        ? {}
        : { remotes: { ...call.remotes, [sessionId]: remote } },
    ),
  answered: (state, { sessionId }) =>
    inCall({ ...state, problem: null }, (call) => ({ answered: [...call.answered, sessionId] })),
  settled: (state) =>
    inCall(state, ({ others, hidden, remotes, awaited }) => {
      const isBack = ({ session_id }: ParticipantView) => !awaited.includes(session_id);
      const present = others.filter(isBack);
      return { others: present, hidden: hidden.filter(isBack), remotes: only(remotes, present), awaited: [] };
    }),
  devices: (state, { devices }) => ({ ...state, devices }),
  "sound-blocked": (state, { blocked }) => ({ ...state, soundBlocked: blocked }),
  "problem-seen": (state) => ({ ...state, problem: null }),
  "recording-failure-seen": (state) => inCall(state, () => ({ recordingFailure: null })),
  "muted-seen": (state) => inCall(state, () => ({ muted: null })),
};

const messageChanges: Change<FromServer> = {
  welcome: (state, { room, you, access, ice_servers }) => ({
    ...state,
    room,
    you,
    iceServers: ice_servers.map(iceServer),
    access,
    userName: you.user_name || state.userName,
    stage: state.stage.name === "loading" && room.enable_prejoin_ui
      ? { name: "prejoin", entering: false }
      : state.stage,
  }),
  refused: (state, { reason, at, because }) => ({ ...state, stage: { name: "refused", reason, at, because } }),
  joined: (state, joined) => {
    const { you, room, participants, settling_seconds, knocks, may_admit, locked, session_data } = joined;
    const before = state.stage.name === "call" && state.stage.you.session_id === you.session_id ? state.stage : null;
    const present = new Set(participants.map(({ session_id }) => session_id));
    const known = [...(before?.others ?? []), ...(before?.hidden ?? [])];
    const missing = known.filter(({ session_id }) => !present.has(session_id));
    const awaited = settling_seconds > 0 ? missing : [];
    const everybody = [...awaited, ...participants];
    const others = everybody.filter(isShown);
    return {
      ...state,
      room,
      userName: you.user_name,
      stage: {
        name: "call",
        you,
        others,
        hidden: everybody.filter((other) => !isShown(other)),
        awaited: awaited.map(({ session_id }) => session_id),
        remotes: only(before?.remotes ?? {}, others),
        knocks,
        mayAdmit: may_admit,
        mayRecord: joined.may_record,
        recording: joined.recording,
        recordingFailure: before?.recordingFailure ?? null,
        locked,
        isCarried: joined.path !== null,
        sessionData: session_data,
        muted: before?.muted ?? null,
        answered: [],
        extensions: [],
      },
    };
  },
  waiting: (state, { owner_present }) => ({
    ...state,
    stage: { name: "lobby", ownerPresent: owner_present },
  }),
  "participant-joined": (state, { participant }) =>
    inCall(state, (call) =>
      call.awaited.includes(participant.session_id)
        ? {
            ...placed(call, participant),
            awaited: call.awaited.filter((sessionId) => sessionId !== participant.session_id),
          }
        : placed(gone(call, participant.session_id), participant),
    ),
  "participant-updated": (state, { participant }) =>
    participant.session_id === ownId(state)
      ? inCall({ ...state, userName: participant.user_name }, () => ({ you: participant }))
      : inCall(state, (call) => placed(call, participant)),
  "participant-left": (state, { session_id }) =>
    inCall({ ...state, talk: setHand(state.talk, session_id, false) }, (call) => gone(call, session_id)),
  extended: (state, { by, seconds }) =>
    inCall(state, ({ you, others, extensions }) => {
      const prolonged = (person: ParticipantView): ParticipantView =>
        person.will_eject_at === null ? person : { ...person, will_eject_at: person.will_eject_at + seconds };
      return { you: prolonged(you), others: others.map(prolonged), extensions: [...extensions, by] };
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
  "recording-changed": (state, { recording }) => inCall(state, () => ({ recording })),
  "recording-error": (state, { message }) => inCall(state, () => ({ recordingFailure: message })),
  "media-server": (state, { path }) => inCall(state, () => ({ isCarried: path !== null })),
  published: (state) => state,
  subscription: (state) => state,
  "direct-over": (state) => state,
  "listener-joined": (state) => state,
  "listener-left": (state) => state,
  lobby: (state, { may_admit, knocks }) => inCall(state, () => ({ mayAdmit: may_admit, knocks })),
  locked: (state, { on }) => inCall(state, () => ({ locked: on })),
  muted: (state, { source, by }) => inCall(state, () => ({ muted: { source, by } })),
  "session-data": (state, { data }) => inCall(state, () => ({ sessionData: data })),
  // These change nothing that is shown.
  "app-message-from": (state) => state,
  resume: (state) => state,
  "ice-servers": (state) => state,
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

function ownId({ stage }: State): string | null {
  return stage.name === "call" ? stage.you.session_id : null;
}

const isShown = ({ permissions }: ParticipantView): boolean => permissions.has_presence;

type People = Pick<InCall, "others" | "hidden" | "remotes">;

/** The people with this one among those shown or hidden, in the old place if there was one. */
function placed({ others, hidden, remotes }: People, participant: ParticipantView): People {
  const put = (people: ParticipantView[], belongs: boolean): ParticipantView[] => {
    if (!belongs) return without(people, participant.session_id);
    const isThere = people.some(({ session_id }) => session_id === participant.session_id);
    return isThere ? replaced(people, participant) : [...people, participant];
  };
  const shown = isShown(participant);
  return { others: put(others, shown), hidden: put(hidden, !shown), remotes };
}

function gone({ others, hidden, remotes }: People, sessionId: string): People {
  const left = without(others, sessionId);
  return { others: left, hidden: without(hidden, sessionId), remotes: only(remotes, left) };
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

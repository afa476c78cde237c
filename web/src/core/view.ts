// How the person looks at the call, and what was measured of it; nothing here concerns the others.

import type { Preference } from "./arrangement";
import { healthy, type Network } from "./network";
import type { Speaking } from "./speaking";
import type { State } from "./state";
import { addHistory, addLine, addReaction, type Line, type Reaction, setHand } from "./talk";

export type Panel = "chat" | "people";

export interface View {
  panel: Panel | null;
  preference: Preference;
  /** Session id of whom the person holds in front. */
  pinned: string | null;
  /** Session ids of those who speak at present. */
  speaking: readonly string[];
  /** Session id of who spoke last. */
  activeSpeaker: string | null;
  network: Pick<Network, "step" | "isIncomingWeak" | "worst">;
  /** The device is too slow for the picture that it sends. */
  isBusy: boolean;
  /** What those who wait wrote, and to those who wait what was answered; by session id. */
  notes: Readonly<Record<string, string>>;
}

export const plainView: View = {
  panel: null,
  preference: "auto",
  pinned: null,
  speaking: [],
  activeSpeaker: null,
  network: healthy,
  isBusy: false,
  notes: {},
};

export type ViewEvent =
  | { type: "panel"; panel: Panel | null }
  | { type: "prefer"; preference: Preference }
  | { type: "pin"; sessionId: string | null }
  | { type: "speaking"; speaking: Speaking }
  | { type: "network"; network: Network }
  | { type: "busy"; isBusy: boolean }
  | { type: "note"; sessionId: string; text: string }
  | { type: "chat"; line: Line }
  | { type: "history"; lines: readonly Line[] }
  | { type: "hand"; sessionId: string; up: boolean }
  | { type: "reaction"; sessionId: string; reaction: Reaction }
  | { type: "language"; lang: string | null };

type ViewChanges = {
  [Type in ViewEvent["type"]]: (state: State, event: Extract<ViewEvent, { type: Type }>) => State;
};

export const viewChanges: ViewChanges = {
  panel: (state, { panel }) => ({
    ...looking(state, { panel }),
    talk: panel === "chat" ? { ...state.talk, unread: 0 } : state.talk,
  }),
  prefer: (state, { preference }) => looking(state, { preference, pinned: null }),
  pin: (state, { sessionId }) => looking(state, { pinned: sessionId }),
  speaking: (state, { speaking }) =>
    looking(state, { speaking: speaking.now, activeSpeaker: speaking.active?.sessionId ?? null }),
  network: (state, { network }) => looking(state, { network }),
  busy: (state, { isBusy }) => looking(state, { isBusy }),
  note: (state, { sessionId, text }) => looking(state, { notes: { ...state.view.notes, [sessionId]: text } }),
  chat: (state, { line }) => ({ ...state, talk: addLine(state.talk, line, state.view.panel === "chat") }),
  history: (state, { lines }) => ({ ...state, talk: addHistory(state.talk, lines) }),
  hand: (state, { sessionId, up }) => ({ ...state, talk: setHand(state.talk, sessionId, up) }),
  reaction: (state, { sessionId, reaction }) => ({ ...state, talk: addReaction(state.talk, sessionId, reaction) }),
  language: (state, { lang }) => ({ ...state, lang }),
};

const looking = (state: State, change: Partial<View>): State => ({ ...state, view: { ...state.view, ...change } });

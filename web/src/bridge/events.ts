// What the host is told when our state changes: pure rules over two states, in the order in which hosts expect it.

import type { InCall, Stage, State } from "../core/state";
import type { KnockView } from "../protocol/messages.gen";
import type { View } from "../core/view";
import type { Told } from "./daily";
import { ended, refused } from "./endings";
import { everybody, linkTo, other, own } from "./participants";
import { deviceEvents } from "./device-events";
import { networkQuality } from "./network";
import { recordingEvents } from "./recordings";

const MOST_APP_MESSAGE_CHARACTERS = 4096;

/** The messages for the host that this change brings. */
export function events(after: State, before: State): Told[] {
  return [
    ...stageEvents(after, before),
    ...lineEvents(after, before),
    ...deviceEvents(after.devices, before.devices),
    ...(after.stage.name === "call" ? viewEvents(after.view, before.view) : []),
  ];
}

function stageEvents(after: State, before: State): Told[] {
  const { stage } = after;
  if (stage.name === "call") {
    const known = sameStay(stage, before.stage);
    return known === null ? entered(after, stage) : callEvents(after, stage, before, known);
  }
  if (stage.name === before.stage.name) return [];
  switch (stage.name) {
    case "lobby":
      return [{ action: "access-state-updated", access: { level: "lobby" }, awaitingAccess: { level: "full" } }];
    case "left":
      return [{ action: "left-meeting" }];
    case "refused":
      return refused(stage.reason);
    case "ended":
      return ended(stage.reason);
    default:
      return [];
  }
}

function sameStay(call: InCall, before: Stage): InCall | null {
  return before.name === "call" && before.you.session_id === call.you.session_id ? before : null;
}

function entered(state: State, call: InCall): Told[] {
  return [
    { action: "call-machine-initialized" },
    { action: "access-state-updated", access: { level: "full" } },
    { action: "meeting-session-summary-updated", meetingSession: { id: state.room?.id ?? "" } },
    {
      action: "joined-meeting",
      participants: everybody(state, call),
      internal: { _maxAppMessageSize: MOST_APP_MESSAGE_CHARACTERS },
    },
    topology(call),
    counts(call),
    networkQuality(state.view.network.step),
    ...recordingEvents(call, null),
    ...call.knocks.flatMap((knock) => [waiting("added", knock, call.knocks)]),
  ];
}

function callEvents(after: State, call: InCall, before: State, then: InCall): Told[] {
  return [
    ...ownUpdate(after, call, before, then),
    ...comings(call, then),
    ...updates(call, then),
    ...(call.isCarried === then.isCarried ? [] : [topology(call)]),
    ...(sameCounts(call, then) ? [] : [counts(call)]),
    ...connections(call, then),
    ...recordingEvents(call, then),
    ...knockEvents(call.knocks, then.knocks),
  ];
}

const topology = ({ isCarried }: InCall): Told => ({
  action: "meeting-session-state-updated",
  meetingSessionState: { topology: isCarried ? "sfu" : "peer", data: undefined },
});

function ownUpdate({ devices }: State, call: InCall, before: State, then: InCall): Told[] {
  const isSame = call.you === then.you && devices === before.devices;
  return isSame ? [] : [{ action: "participant-updated", participant: own(call.you, devices) }];
}

function comings(call: InCall, then: InCall): Told[] {
  const tell = (of: InCall, action: string) => (view: InCall["you"]) => ({
    action,
    participant: other(view, linkTo(of, view)),
  });
  return [
    ...added(call.others, then.others).map(tell(call, "participant-joined")),
    ...added(then.others, call.others).map(tell(then, "participant-left")),
  ];
}

function updates(call: InCall, then: InCall): Told[] {
  return call.others.flatMap((view) => {
    const known = then.others.find(({ session_id }) => session_id === view.session_id);
    const link = linkTo(call, view);
    if (known === undefined || (known === view && link === linkTo(then, view))) return [];
    return [{ action: "participant-updated", participant: other(view, link) }];
  });
}

function connections(call: InCall, then: InCall): Told[] {
  return call.others.flatMap((view) => {
    const now = linkTo(call, view);
    if (now === "connecting" || now === linkTo(then, view)) return [];
    return [{ action: "network-connection", type: call.isCarried ? "sfu" : "peer-to-peer", event: now, session_id: view.session_id }];
  });
}

function viewEvents(view: View, then: View): Told[] {
  const isSpeakerMode = ({ preference }: View) => preference === "speaker";
  const { activeSpeaker, panel, network } = view;
  const told: (Told | false)[] = [
    activeSpeaker !== null && activeSpeaker !== then.activeSpeaker && {
      action: "active-speaker-change",
      activeSpeaker: { peerId: activeSpeaker },
    },
    isSpeakerMode(view) !== isSpeakerMode(then) && {
      action: "active-speaker-mode-change",
      enabled: isSpeakerMode(view),
    },
    panel !== then.panel && { action: "sidebar-view-changed", view: panel },
    network.step !== then.network.step && networkQuality(network.step),
  ];
  return told.filter((message) => message !== false);
}

function lineEvents({ line }: State, before: State): Told[] {
  if (line === before.line || line === "connecting") return [];
  const event = line === "open" ? "connected" : "interrupted";
  return [{ action: "network-connection", type: "signaling", event }];
}

function counts({ you, others, hidden }: InCall): Told {
  const shown = you.permissions.has_presence ? 1 : 0;
  const participantCounts = { present: others.length + shown, hidden: hidden.length + 1 - shown };
  return { action: "participant-counts-updated", participantCounts };
}

function sameCounts(call: InCall, then: InCall): boolean {
  return call.others.length === then.others.length && call.hidden.length === then.hidden.length;
}

function knockEvents(now: KnockView[], then: KnockView[]): Told[] {
  return [
    ...added(now, then).map((knock) => waiting("added", knock, now)),
    ...added(then, now).map((knock) => waiting("removed", knock, now)),
  ];
}

function waiting(what: "added" | "removed", knock: KnockView, all: KnockView[]): Told {
  const listed = Object.fromEntries(all.map((each) => [each.session_id, waitingParticipant(each)]));
  return {
    action: `waiting-participant-${what}`,
    participant: waitingParticipant(knock),
    allWaitingParticipants: listed,
  };
}

const waitingParticipant = ({ session_id, user_name }: KnockView) => ({
  id: session_id,
  name: user_name,
  awaitingAccess: { level: "full" },
});

function added<Item extends { session_id: string }>(now: Item[], then: Item[]): Item[] {
  return now.filter((item) => !then.some(({ session_id }) => session_id === item.session_id));
}

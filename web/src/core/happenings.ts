// What has just happened that a person should be told, also one who does not look at the screen.

import type { InCall, State } from "./state";

export type Happening =
  | { kind: "joined" | "left" | "interrupted" | "back" | "shares" | "stopped-sharing"; name: string }
  | { kind: "knocks"; name: string; sessionId: string }
  | { kind: "hand"; name: string }
  | { kind: "wrote" | "reacted" | "noted"; name: string; text: string }
  | { kind: "locked" | "unlocked" | "extended" }
  | { kind: "line-lost" | "line-back" | "recording-started" | "recording-stopped" | "consent-asked" };

/** Compare two states of one person's call, in the order in which a person would tell it. */
export function happenings(after: State, before: State): Happening[] {
  return [...ofLine(after, before), ...ofCall(after, before), ...ofTalk(after, before)];
}

function ofTalk(after: State, before: State): Happening[] {
  const { stage } = after;
  if (stage.name !== "call" || before.stage.name !== "call") return [];
  const nameOf = (sessionId: string) =>
    [...stage.others, ...stage.knocks].find(({ session_id }) => session_id === sessionId)?.user_name ?? "";
  const isOther = (sessionId: string) => sessionId !== stage.you.session_id;
  const news = after.talk.unread > before.talk.unread ? after.talk.lines.slice(-1) : [];
  const hands = after.talk.hands.filter((hand) => isOther(hand) && !before.talk.hands.includes(hand));
  const last = before.talk.reactions.at(-1)?.id ?? 0;
  const reactions = after.talk.reactions.filter(({ id, sessionId }) => id > last && isOther(sessionId));
  const notes = Object.entries(after.view.notes).filter(([sessionId, text]) => before.view.notes[sessionId] !== text);
  return [
    ...news.map(({ name, text }) => ({ kind: "wrote" as const, name, text })),
    ...hands.map((hand) => ({ kind: "hand" as const, name: nameOf(hand) })),
    ...reactions.map(({ sessionId, reaction }) => ({ kind: "reacted" as const, name: nameOf(sessionId), text: reaction })),
    ...notes.map(([sessionId, text]) => ({ kind: "noted" as const, name: nameOf(sessionId), text })),
  ];
}

function ofLine(after: State, before: State): Happening[] {
  if (after.line === before.line) return [];
  if (after.line === "lost") return [{ kind: "line-lost" }];
  return before.line === "lost" && after.line === "open" ? [{ kind: "line-back" }] : [];
}

function ofCall({ stage: after }: State, { stage: before }: State): Happening[] {
  if (after.name !== "call") return [];
  if (before.name !== "call") return [...ofRecording(after, null), ...knocks(after, null)];
  if (after.you.session_id !== before.you.session_id) return [];
  const lock = after.locked === before.locked ? [] : [{ kind: after.locked ? "locked" : "unlocked" } as const];
  const prolonged = after.extensions.length > before.extensions.length ? [{ kind: "extended" } as const] : [];
  return [
    ...comings(after, before),
    ...changes(after, before),
    ...ofRecording(after, before),
    ...knocks(after, before),
    ...lock,
    ...prolonged,
  ];
}

/** Whoever enters a call that is being recorded must hear of it too. */
function ofRecording({ recording: after }: InCall, before: InCall | null): Happening[] {
  const was = before !== null && before.recording.recordings.length > 0;
  const is = after.recordings.length > 0;
  const asked = after.consent?.answer === "open" && before?.recording.consent?.answer !== "open";
  return [
    ...(is === was ? [] : [{ kind: is ? "recording-started" : "recording-stopped" } as const]),
    ...(asked ? [{ kind: "consent-asked" } as const] : []),
  ];
}

function comings(after: InCall, before: InCall): Happening[] {
  const came = added(after.others, before.others).map(({ user_name: name }) => ({ kind: "joined" as const, name }));
  const went = added(before.others, after.others).map(({ user_name: name }) => ({ kind: "left" as const, name }));
  return [...came, ...went];
}

function changes(after: InCall, before: InCall): Happening[] {
  return after.others.flatMap((now): Happening[] => {
    const then = before.others.find((other) => other.session_id === now.session_id);
    if (then === undefined || then === now) return [];
    const name = now.user_name;
    return [
      ...(now.connected === then.connected ? [] : [{ kind: now.connected ? "back" : "interrupted", name } as const]),
      ...(now.media.screen === then.media.screen
        ? []
        : [{ kind: now.media.screen ? "shares" : "stopped-sharing", name } as const]),
    ];
  });
}

function knocks(after: InCall, before: InCall | null): Happening[] {
  return added(after.knocks, before?.knocks ?? []).map(({ user_name: name, session_id: sessionId }) => ({
    kind: "knocks",
    name,
    sessionId,
  }));
}

function added<Item extends { session_id: string }>(now: Item[], then: Item[]): Item[] {
  return now.filter((item) => !then.some(({ session_id }) => session_id === item.session_id));
}

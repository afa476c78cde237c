// `updateParticipant`: what a host wants of the person at this page, and of others. The server decides about others.

import type { Call } from "../core/call";
import type { MediaSource } from "../protocol/messages.gen";
import { changeOf } from "./permissions";

type Properties = Partial<Record<string, unknown>>;

/** Each person under their session id; `local` is the one at this page, `*` everybody else. */
export function updateParticipants(call: Call, participants: unknown): void {
  for (const [id, wanted] of Object.entries((participants ?? {}) as Properties)) {
    for (const sessionId of sessions(call, id)) updateParticipant(call, sessionId, (wanted ?? {}) as Properties);
  }
}

function sessions(call: Call, id: string): string[] {
  const { stage } = call.store.state;
  if (stage.name !== "call") return [];
  if (id === "local") return [stage.you.session_id];
  return id === "*" ? stage.others.map(({ session_id }) => session_id) : [id];
}

function updateParticipant(call: Call, id: string, wanted: Properties): void {
  const { stage } = call.store.state;
  const isOwn = stage.name === "call" && stage.you.session_id === id;
  if (isOwn) setOwn(call, wanted);
  else muteOther(call, id, wanted);
  if (wanted.updatePermissions !== undefined) call.updatePermissions(id, changeOf(wanted.updatePermissions));
  if (wanted.eject === true) call.eject(id);
}

function setOwn(call: Call, { setAudio, setVideo, setScreenShare }: Properties): void {
  if (typeof setAudio === "boolean") void call.setInput("microphone", setAudio);
  if (typeof setVideo === "boolean") void call.setInput("camera", setVideo);
  if (setScreenShare === true) void call.shareScreen();
  if (setScreenShare === false) call.stopSharing();
}

/** Others are only ever switched off: nobody's camera or microphone opens because somebody else wants it. */
function muteOther(call: Call, id: string, wanted: Properties): void {
  const sources: [MediaSource, string][] = [["audio", "setAudio"], ["video", "setVideo"], ["screen", "setScreenShare"]];
  for (const [source, property] of sources) if (wanted[property] === false) call.mute(id, source);
}

// Our view of people in Daily's terms: pure rules, so that each can be tried in a table.

import type { DevicesView, InputView } from "../core/devices";
import type { Link } from "../core/negotiation";
import type { InCall, State } from "../core/state";
import type { ParticipantView } from "../protocol/messages.gen";
import type { Participant, Permissions, Track, TrackName } from "./daily";

const NEVER = new Date(0);

/** Everybody in the call by session id; the person at this page under `local`. */
export function everybody(state: State, call: InCall): Record<string, Participant> {
  const others = call.others.map((view) => [view.session_id, other(view, linkTo(call, view))]);
  return { local: own(call.you, state.devices), ...Object.fromEntries(others) };
}

/** How the person at this page is connected to another. */
export function linkTo(call: InCall, { session_id }: ParticipantView): Link {
  return call.remotes[session_id]?.link ?? "connecting";
}

/** The person at this page. */
export function own(view: ParticipantView, devices: DevicesView): Participant {
  return participant(view, true, {
    audio: ownTrack(devices.microphone),
    video: ownTrack(devices.camera),
    screenAudio: sent(devices.sharing, "playable"),
    screenVideo: sent(devices.sharing, "playable"),
  });
}

/** Somebody else. */
export function other(view: ParticipantView, link: Link): Participant {
  const { audio, video, screen } = view.media;
  const playing = link === "connected" && view.connected ? "playable" : link === "connecting" ? "loading" : "interrupted";
  return participant(view, false, {
    audio: sent(audio, playing),
    video: sent(video, playing),
    screenAudio: sent(screen, playing),
    screenVideo: sent(screen, playing),
  });
}

function participant(view: ParticipantView, local: boolean, tracks: Record<TrackName, Track>): Participant {
  const isOn = ({ state }: Track) => state !== "off" && state !== "blocked";
  return {
    session_id: view.session_id,
    user_id: view.user_id ?? view.session_id,
    user_name: view.user_name,
    local,
    owner: view.is_owner,
    joined_at: new Date(view.joined_at * 1000),
    will_eject_at: NEVER,
    record: false,
    tracks,
    audio: isOn(tracks.audio),
    video: isOn(tracks.video),
    screen: isOn(tracks.screenVideo),
    permissions: permissions(view),
    networkQualityState: "good",
    networkThreshold: "good",
    cam_info: {},
    screen_info: {},
  };
}

function permissions(view: ParticipantView): Permissions {
  return { hasPresence: true, canSend: true, canReceive: { base: true }, canAdmin: view.is_owner };
}

function sent(on: boolean, state: "playable" | "loading" | "interrupted"): Track {
  return on ? { subscribed: true, state } : { subscribed: true, state: "off", off: { byUser: true } };
}

function ownTrack({ wanted, opening, track, failure }: InputView): Track {
  if (!wanted) return sent(false, "playable");
  if (track !== null) return sent(true, "playable");
  if (opening || failure === null) return sent(true, "loading");
  return { subscribed: true, state: "blocked", blocked: blockedBy(failure) };
}

function blockedBy(failure: NonNullable<InputView["failure"]>): NonNullable<Track["blocked"]> {
  if (failure === "none-found" || failure === "lost") return { byDeviceMissing: true };
  if (failure === "in-use" || failure === "unknown") return { byDeviceInUse: true };
  return { byPermissions: true };
}

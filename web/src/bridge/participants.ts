// Our view of people in Daily's terms: pure rules, so that each can be tried in a table.

import type { DevicesView, InputView } from "../core/devices";
import type { Link, Slot } from "../core/negotiation";
import { maySend } from "../core/permissions";
import type { InCall, State } from "../core/state";
import type { ParticipantView } from "../protocol/messages.gen";
import type { Participant, Track, TrackName } from "./daily";
import { permissionsOf } from "./permissions";

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

const slots: Record<TrackName, Slot> = {
  audio: "microphone",
  video: "camera",
  screenAudio: "screenSound",
  screenVideo: "screen",
};

/** What somebody may not send is off for that reason, whatever the device does. */
function permitted(view: ParticipantView, tracks: Record<TrackName, Track>): Record<TrackName, Track> {
  const forbidden: Track = { subscribed: true, state: "off", off: { byCanSendPermission: true } };
  const checked = Object.entries(tracks).map(([name, track]) => {
    return [name, maySend(view.permissions, slots[name as TrackName]) ? track : forbidden];
  });
  return Object.fromEntries(checked) as Record<TrackName, Track>;
}

function participant(view: ParticipantView, local: boolean, sends: Record<TrackName, Track>): Participant {
  const tracks = permitted(view, sends);
  const isOn = ({ state }: Track) => state !== "off" && state !== "blocked";
  return {
    session_id: view.session_id,
    user_id: view.user_id ?? view.session_id,
    user_name: view.user_name,
    ...(view.user_data !== null && { userData: view.user_data }),
    local,
    owner: view.is_owner,
    joined_at: new Date(view.joined_at * 1000),
    will_eject_at: view.will_eject_at === null ? NEVER : new Date(view.will_eject_at * 1000),
    record: false,
    tracks,
    audio: isOn(tracks.audio),
    video: isOn(tracks.video),
    screen: isOn(tracks.screenVideo),
    permissions: permissionsOf(view.permissions),
    networkQualityState: "good",
    networkThreshold: "good",
    cam_info: {},
    screen_info: {},
  };
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

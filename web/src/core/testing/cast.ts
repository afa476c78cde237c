// The people and messages of tests.

import type { Joined, KnockView, ParticipantView, Permissions, RoomView, Welcome } from "../../protocol/messages.gen";

export const guestRights: Permissions = {
  has_presence: true,
  can_send: ["video", "audio", "screenVideo", "screenAudio", "customVideo", "customAudio"],
  can_receive: { base: true },
  can_admin: [],
};

export function person(name: string, change: Partial<ParticipantView> = {}): ParticipantView {
  return {
    session_id: name.toLowerCase(),
    user_id: null,
    user_name: name,
    is_owner: false,
    media: { audio: true, video: true, screen: false },
    joined_at: 1000,
    connected: true,
    permissions: guestRights,
    user_data: null,
    will_eject_at: null,
    ...change,
  };
}

export const ada = person("Ada", { is_owner: true, joined_at: 1001 });
export const ben = person("Ben", { joined_at: 1002 });
export const cleo = person("Cleo", { joined_at: 1003 });

export const room: RoomView = {
  id: "room-1",
  name: "room",
  privacy: "private",
  nbf: null,
  exp: null,
  max_participants: 200,
  lang: "en",
  start_video_off: false,
  start_audio_off: false,
  enable_screenshare: true,
  enable_prejoin_ui: true,
  enable_knocking: true,
  enable_chat: true,
  enable_advanced_chat: false,
  enable_shared_chat_history: true,
  enable_people_ui: true,
  enable_pip_ui: false,
  enable_emoji_reactions: false,
  enable_hand_raising: false,
  enable_network_ui: false,
  enable_live_captions_ui: false,
  enable_noise_cancellation_ui: true,
  enable_video_processing_ui: true,
  enable_cpu_warning_notifications: true,
  enable_breakout_rooms: false,
  experimental_optimize_large_calls: false,
  enable_recording: [],
  enable_recording_ui: true,
  redirect_on_meeting_exit: "",
  close_tab_on_exit: false,
  may_be_extended: false,
  relay_only: false,
  hide_daily_branding: false,
};

export function welcome(change: Partial<Welcome> = {}): Welcome {
  return { type: "welcome", version: 1, room, you: { user_name: "", is_owner: false, permissions: guestRights }, access: "enter", ice_servers: [], ...change };
}

export function joined(you: ParticipantView, others: ParticipantView[], change: Partial<Joined> = {}): Joined {
  return {
    type: "joined",
    you,
    resume: "ticket",
    resumed: false,
    settling_seconds: 0,
    room,
    participants: others,
    knocks: [],
    may_admit: you.is_owner,
    locked: false,
    session_data: {},
    ice_servers: [],
    listeners: [],
    may_record: you.is_owner,
    recording: { recordings: [], consent: null },
    path: null,
    ...change,
  };
}

export function knock(name: string): KnockView {
  return { session_id: name.toLowerCase(), user_name: name, is_invited: true, since: 1000 };
}

// The people and messages of tests.

import type { Joined, KnockView, ParticipantView, RoomView, Welcome } from "../../protocol/messages.gen";

export function person(name: string, change: Partial<ParticipantView> = {}): ParticipantView {
  return {
    session_id: name.toLowerCase(),
    user_id: null,
    user_name: name,
    is_owner: false,
    media: { audio: true, video: true, screen: false },
    joined_at: 1000,
    connected: true,
    ...change,
  };
}

export const ada = person("Ada", { is_owner: true, joined_at: 1001 });
export const ben = person("Ben", { joined_at: 1002 });
export const cleo = person("Cleo", { joined_at: 1003 });

export const room: RoomView = {
  name: "room",
  exp: null,
  lang: "en",
  enable_prejoin_ui: true,
  enable_screenshare: true,
  start_video_off: false,
  start_audio_off: false,
};

export function welcome(change: Partial<Welcome> = {}): Welcome {
  return { type: "welcome", version: 1, room, you: { user_name: "", is_owner: false }, access: "enter", ...change };
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
    ice_servers: [],
    listeners: [],
    may_record: you.is_owner,
    recording: { recordings: [], consent: null },
    ...change,
  };
}

export function knock(name: string): KnockView {
  return { session_id: name.toLowerCase(), user_name: name, is_invited: true, since: 1000 };
}

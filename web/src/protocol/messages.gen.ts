// Generated from src/vestibule/rooms/calls/messages.py by scripts/generate_protocol.py.
// What the messages mean, and in which order they come: docs/signalling.md.

export const PROTOCOL_VERSIONS = [1];
export const MAX_MESSAGE_BYTES = 65536;
export const MAX_NAME_LENGTH = 100;

/** Why the server closed the connection. */
export const CloseCode = {
  GOODBYE: 1000,
  TOO_BIG: 1009,
  RESTART: 1012,
  PROTOCOL_ERROR: 4400,
  REFUSED: 4403,
  TOO_SLOW: 4408,
  TAKEN_OVER: 4409,
  ENDED: 4410,
  TOO_FAST: 4429,
} as const;

export type RecordingType =
  | "cloud"
  | "cloud-audio-only"
  | "raw-tracks";

export type ConsentAnswer =
  | "open"
  | "agreed"
  | "declined";

export type DescriptionKind =
  | "offer"
  | "answer"
  | "rollback";

export type RefusalReason =
  | "no-room"
  | "nbf-room"
  | "exp-room"
  | "nbf-token"
  | "exp-token"
  | "meeting-full"
  | "not-allowed"
  | "ejected"
  | "end-of-life";

export type EndReason =
  | "room-deleted"
  | "denied"
  | "ejected"
  | "room-expired"
  | "time-over"
  | "replaced";

export type ProblemCode =
  | "protocol-error"
  | "not-allowed"
  | "not-found"
  | "meeting-full"
  | "too-fast";

export type KnockOutcome =
  | "admitted"
  | "denied"
  | "left";

/** A recording that is being made. */
export type RecordingView = {
  recording_id: string;
  instance_id: string;
  kind: RecordingType;
  /** The preset, as in Daily's API. */
  layout: string;
  /** None: by a request to the API. */
  started_by: string | null;
  /** Unix seconds. */
  started_at: number;
};

/** You are asked whether you agree to be recorded. */
export type ConsentView = {
  question: string;
  answer: ConsentAnswer;
  /** How many of the others have not answered. */
  missing: number;
};

/** What is being recorded in this call, and what you are asked because of that. */
export type RecordingNotice = {
  recordings: RecordingView[];
  consent: ConsentView | null;
};

/** A recorder: it only receives, and is no participant. */
export type ListenerView = {
  session_id: string;
  /** Unix seconds; as with participants, the later of two makes the offers. */
  joined_at: number;
};

/** Record the call. Only for those who may. */
export type StartRecording = {
  type: "start-recording";
  /** The options of a recording as JSON, as in Daily's API. */
  options?: string;
};

/** Arrange people otherwise in a recording from now on. Only for those who may. */
export type UpdateRecording = {
  type: "update-recording";
  /** `layout` and, if there are several, `instanceId`, as JSON. */
  options: string;
};

/** End a recording. Only for those who may. */
export type StopRecording = {
  type: "stop-recording";
  /** None: the one that was started without an id. */
  instance_id?: string | null;
};

/** I agree to be recorded, or I do not, or no longer. */
export type AnswerConsent = {
  type: "answer-consent";
  agrees: boolean;
};

/** Send to this recorder too, from now on. */
export type ListenerJoined = {
  type: "listener-joined";
  listener: ListenerView;
};

/** Send nothing to this recorder any more. */
export type ListenerLeft = {
  type: "listener-left";
  session_id: string;
};

/** A recording began or ended, or something about your consent changed. */
export type RecordingChanged = {
  type: "recording-changed";
  recording: RecordingNotice;
};

/** A recording that you wanted could not be made, or was broken off. */
export type RecordingError = {
  type: "recording-error";
  instance_id: string;
  message: string;
};

/** What a participant sends at this moment. */
export type Media = {
  audio: boolean;
  video: boolean;
  screen: boolean;
};

/** A participant as everyone in the call sees them. */
export type ParticipantView = {
  session_id: string;
  user_id: string | null;
  user_name: string;
  is_owner: boolean;
  media: Media;
  /** Unix seconds; no two in a call are the same. The later of two makes the offers. */
  joined_at: number;
  /** False while the person's connection is lost and their place is kept. */
  connected: boolean;
};

/** A person in the lobby, as those see them who may admit. */
export type KnockView = {
  session_id: string;
  user_name: string;
  /** True: the meeting token gives this name. False: the person wrote it, and could be anybody. */
  is_invited: boolean;
  /** Unix seconds. */
  since: number;
};

/** As `RTCIceServer` in browsers. */
export type IceServer = {
  urls: string[];
  username: string | null;
  credential: string | null;
};

/** What a page needs to know of the room before joining. */
export type RoomView = {
  name: string;
  /** Unix seconds. */
  exp: number | null;
  lang: string;
  enable_prejoin_ui: boolean;
  enable_screenshare: boolean;
  start_video_off: boolean;
  start_audio_off: boolean;
};

/** What the server knows of the person from the meeting token. */
export type SelfView = {
  user_name: string;
  is_owner: boolean;
};

/** The first message: which room, and with what right. */
export type Hello = {
  type: "hello";
  versions: number[];
  room: string;
  token?: string | null;
  /** A ticket from `joined` or `waiting`: continue that session. */
  resume?: string | null;
  /** The server's own pass for a recorder of this room, which joins at once, as a listener. */
  recorder?: string | null;
};

/** Enter the call, or knock, as `welcome.access` said. */
export type Join = {
  type: "join";
  user_name: string;
  media: Media;
};

/** Tell the others what I send now. */
export type SetMedia = {
  type: "set-media";
  media: Media;
};

/** A session description for one other participant. */
export type Description = {
  type: "description";
  to: string;
  kind: DescriptionKind;
  sdp: string;
};

/** An ICE candidate for one other participant; an empty candidate ends them. */
export type Candidate = {
  type: "candidate";
  to: string;
  candidate: string;
  sdp_mid?: string | null;
  sdp_m_line_index?: number | null;
  username_fragment?: string | null;
};

/** Let a waiting person in. Only for those who may. */
export type Admit = {
  type: "admit";
  session_id: string;
};

/** Refuse a waiting person. Only for those who may. */
export type Deny = {
  type: "deny";
  session_id: string;
};

/** Leave the call or the lobby now, without a grace period. */
export type Leave = {
  type: "leave";
};

/** Is the connection alive? */
export type Ping = {
  type: "ping";
};

/** The answer to `hello`: this is the room, and this is how you may enter it. */
export type Welcome = {
  type: "welcome";
  version: number;
  room: RoomView;
  you: SelfView;
  access: "enter" | "knock";
};

/** You cannot enter, now or at all. The server closes the connection with 4403. */
export type Refused = {
  type: "refused";
  reason: RefusalReason;
  message: string;
  /** Unix seconds of the `nbf` or `exp` that refused. */
  at: number | null;
};

/** You are in the call. Sent again, with `resumed`, after a lost connection. */
export type Joined = {
  type: "joined";
  you: ParticipantView;
  resume: string;
  resumed: boolean;
  /** How long others may still be on their way back after a restart of the server; mostly 0. So long, a resumed client keeps its media connections to those who are not in the list. */
  settling_seconds: number;
  room: RoomView;
  /** Everybody else, in the order in which they came. */
  participants: ParticipantView[];
  /** Who waits; empty for those who may not admit. */
  knocks: KnockView[];
  may_admit: boolean;
  ice_servers: IceServer[];
  /** The recorders to which you send what you send the others. */
  listeners: ListenerView[];
  may_record: boolean;
  recording: RecordingNotice;
};

/** You are in the lobby. Sent again when `owner_present` changes. */
export type Waiting = {
  type: "waiting";
  session_id: string;
  resume: string;
  owner_present: boolean;
};

/** Somebody entered the call, and will make you an offer; or somebody you knew is back. */
export type ParticipantJoined = {
  type: "participant-joined";
  participant: ParticipantView;
};

/** Something about a participant changed. */
export type ParticipantUpdated = {
  type: "participant-updated";
  participant: ParticipantView;
};

/** Somebody is gone for good. */
export type ParticipantLeft = {
  type: "participant-left";
  session_id: string;
};

/** Another participant's `description` for you. */
export type DescriptionFrom = {
  type: "description-from";
  sender: string;
  kind: DescriptionKind;
  sdp: string;
};

/** Another participant's `candidate` for you. */
export type CandidateFrom = {
  type: "candidate-from";
  sender: string;
  candidate: string;
  sdp_mid: string | null;
  sdp_m_line_index: number | null;
  username_fragment: string | null;
};

/** Somebody waits in the lobby. */
export type Knock = {
  type: "knock";
  knock: KnockView;
};

/** Somebody no longer waits. */
export type KnockGone = {
  type: "knock-gone";
  session_id: string;
  outcome: KnockOutcome;
};

/** Your stay is over. The server closes the connection with 4410. */
export type Ended = {
  type: "ended";
  reason: EndReason;
  message: string;
};

/** Your last message could not be carried out, and changed nothing. */
export type Problem = {
  type: "problem";
  code: ProblemCode;
  message: string;
};

/** Yes. */
export type Pong = {
  type: "pong";
};

export type FromBrowser =
  | Hello
  | Join
  | SetMedia
  | Description
  | Candidate
  | Admit
  | Deny
  | StartRecording
  | UpdateRecording
  | StopRecording
  | AnswerConsent
  | Leave
  | Ping;

export type FromServer =
  | Welcome
  | Refused
  | Joined
  | Waiting
  | ParticipantJoined
  | ParticipantUpdated
  | ParticipantLeft
  | ListenerJoined
  | ListenerLeft
  | RecordingChanged
  | RecordingError
  | DescriptionFrom
  | CandidateFrom
  | Knock
  | KnockGone
  | Ended
  | Problem
  | Pong;

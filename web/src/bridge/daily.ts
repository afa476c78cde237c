// The shapes of the objects that hosts written for Daily read, as far as a page in a frame gives them.

export type TrackName = "audio" | "video" | "screenAudio" | "screenVideo";

export type TrackState = "blocked" | "off" | "loading" | "interrupted" | "playable";

export interface Track {
  subscribed: boolean;
  state: TrackState;
  blocked?: { byPermissions?: true; byDeviceMissing?: true; byDeviceInUse?: true };
  off?: { byUser?: true; byCanSendPermission?: true };
}

export interface Permissions {
  hasPresence: boolean;
  canSend: boolean | Set<string>;
  canReceive: object;
  canAdmin: boolean | Set<string>;
}

/** One person, as `participants()` and the events show them. */
export interface Participant {
  session_id: string;
  user_id: string;
  user_name: string;
  userData?: unknown;
  local: boolean;
  owner: boolean;
  joined_at: Date;
  /** The epoch: never. */
  will_eject_at: Date;
  record: boolean;
  tracks: Record<TrackName, Track>;
  audio: boolean;
  video: boolean;
  screen: boolean;
  permissions: Permissions;
  networkQualityState: "good";
  networkThreshold: "good";
  cam_info: object;
  screen_info: object;
}

/** A message for the host; all but `action` becomes the event that its code sees. */
export type Told = { action: string } & Record<string, unknown>;

/** What a host asks; its arguments lie beside `action`. */
export type Asked = { action: string } & Record<string, unknown>;

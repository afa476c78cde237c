// Who offers, who gives way, and what a description from the other side means: the rules of peer.ts.

import type { DescriptionKind, ParticipantView } from "../protocol/messages.gen";

/** What a connection carries, in the order of its transceivers (docs/signalling.md). */
export const SLOTS = ["microphone", "camera", "screen", "screenSound"] as const;
export type Slot = (typeof SLOTS)[number];
export type Tracks = Record<Slot, MediaStreamTrack | null>;

export const kindOf = (slot: Slot): "audio" | "video" =>
  slot === "microphone" || slot === "screenSound" ? "audio" : "video";

/** How the media connection to another participant is. */
export type Link = "connecting" | "connected" | "interrupted";

/** True if `one` entered the call after `other`; session ids decide a tie, so both sides agree. */
export function cameLater(one: ParticipantView, other: ParticipantView): boolean {
  if (one.joined_at !== other.joined_at) return one.joined_at > other.joined_at;
  return one.session_id > other.session_id;
}

/** The id that a browser gives to one connection, and keeps in all its descriptions (the `o=` line). */
export function connectionId(sdp: string): string {
  return /^o=\S+ (\S+)/m.exec(sdp)?.[1] ?? "";
}

/** What our side of a connection is doing when a description arrives. */
export interface Standing {
  yields: boolean;
  signalling: RTCSignalingState;
  makingOffer: boolean;
  /** `connectionId` of the other side's last description; null before the first. */
  remoteConnection: string | null;
}

/**
 * What to do with a description: `take` it, `ignore` it, or `start-over` with a new connection, because the
 * other page was loaded again, or because our first offer gives way to theirs (transceivers of a first offer
 * cannot be used for another's offer).
 */
export function reception(
  kind: DescriptionKind,
  connection: string,
  standing: Standing,
): "take" | "ignore" | "start-over" {
  const known = standing.remoteConnection;
  if (known !== null && connection !== known) return "start-over";
  if (kind === "rollback") return "take";
  if (kind === "answer") return standing.signalling === "have-local-offer" ? "take" : "ignore";
  if (!standing.makingOffer && standing.signalling === "stable") return "take";
  if (!standing.yields) return "ignore";
  return known === null ? "start-over" : "take";
}

/** The browser's word for the state of a connection, in ours. */
export function linkOf(state: RTCPeerConnectionState): Link {
  if (state === "connected") return "connected";
  return state === "new" || state === "connecting" ? "connecting" : "interrupted";
}

/**
 * Milliseconds until a connection that is not `connected` is mended, `mends` times in vain so far. Who came later
 * does it; the other waits longer, so that both seldom try at once. A slow network needs time to connect at all.
 */
export function patience(state: RTCPeerConnectionState, later: boolean, mends: number): number {
  const pause = { failed: 0, disconnected: 2000 }[state as string] ?? 8000;
  return Math.max(pause, mends > 0 ? 4000 : 0) + (later ? 0 : 3000);
}

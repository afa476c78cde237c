// Puts tracks into the streams that views play.

import type { Media } from "../protocol/messages.gen";
import type { Slot } from "./negotiation";

/** The slots of each stream, of what somebody sends at present: what they do not send must not hold up what they do. */
export function slotsOf(media: Media): { camera: Slot[]; screen: Slot[] } {
  return {
    camera: media.video ? ["microphone", "camera"] : ["microphone"],
    screen: media.screen ? ["screen", "screenSound"] : [],
  };
}

/** The stream with these tracks; a new one if it was empty, for Chromium never plays what began empty. */
export function arranged(stream: MediaStream, tracks: MediaStreamTrack[]): MediaStream {
  const present = stream.getTracks();
  if (present.length === 0 && tracks.length > 0) return new MediaStream(tracks);
  for (const track of present) if (!tracks.includes(track)) stream.removeTrack(track);
  for (const track of tracks) stream.addTrack(track);
  return stream;
}

/** As `arranged`, but a new stream if another track takes the place of one: then views can keep the old one until the new one plays. */
export function renewed(stream: MediaStream, tracks: MediaStreamTrack[]): MediaStream {
  const isReplaced = tracks.some((track) => stream.getTracks().some((old) => old.kind === track.kind && old !== track));
  return isReplaced ? new MediaStream(tracks) : arranged(stream, tracks);
}

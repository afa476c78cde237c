// What a person sends at this moment, as the others are told.

import type { Media } from "../protocol/messages.gen";
import type { DevicesView } from "./devices";
import type { Step } from "./network";

/** A picture that a weak connection has no place for is off for the others. */
export function sent({ microphone, camera, sharing }: DevicesView, step: Step): Media {
  return {
    audio: microphone.wanted && microphone.track !== null,
    video: camera.wanted && camera.track !== null && step < 3,
    screen: sharing,
  };
}

export const isSame = (one: Media, other: Media): boolean =>
  one.audio === other.audio && one.video === other.video && one.screen === other.screen;

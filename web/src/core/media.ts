import type { Media } from "../protocol/messages.gen";
import type { DevicesView } from "./devices";
import type { Network } from "./network";

/** What the person sends, as the others are told; at the last step of a weak network no picture. */
export function mediaOf({ microphone, camera, sharing }: DevicesView, { step }: Pick<Network, "step">): Media {
  return {
    audio: microphone.wanted && microphone.track !== null,
    video: camera.wanted && camera.track !== null && step < 3,
    screen: sharing,
  };
}

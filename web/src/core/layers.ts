// In which sizes the own picture is sent over a media server, and in which others' are wanted: rules.

import { LIMITS, type Step } from "./network";

/** The sizes of a picture, the largest first, as Janus has them; it counts them from the smallest. */
export const LAYERS = [
  { rid: "h", shrink: 1, bitrate: 1_500_000, frames: 30 },
  { rid: "m", shrink: 2, bitrate: LIMITS[1].bitrate, frames: 20 },
  { rid: "l", shrink: 4, bitrate: LIMITS[2].bitrate, frames: 12 },
] as const;

/** More than so many pictures in a call, and each is sent in several sizes. */
const MOST_IN_ONE_SIZE = 2;
/** Device pixels up to which the small and the middle picture are sharp enough. */
const SMALL = 200;
const MIDDLE = 400;

export type Layer = 0 | 1 | 2;

export const sendsLayers = (pictures: number): boolean => pictures > MOST_IN_ONE_SIZE;

/** Which layers are sent at this step: the largest that the line allows, and the smaller ones if they are wanted. */
export function sentLayers(step: Step, several: boolean): boolean[] {
  return LAYERS.map((_, index) => step < 3 && (index === step || (several && index > step)));
}

/** The layer for a picture that is shown so high, in device pixels; one less where the line is too weak. */
export function wantedLayer(height: number, isWeak: boolean): Layer {
  const layer = height <= SMALL ? 0 : height <= MIDDLE ? 1 : 2;
  return (isWeak ? Math.max(0, layer - 1) : layer) as Layer;
}

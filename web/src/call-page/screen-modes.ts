// The whole screen for the call, or a small window that stays above others.

export const canFullscreen = document.fullscreenEnabled;
export const canFloat = document.pictureInPictureEnabled;

export async function toggleFullscreen(): Promise<void> {
  if (document.fullscreenElement !== null) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen().catch(() => undefined);
}

/** Show who is in front in a window that stays above other programs; or no longer. */
export async function floatFront(): Promise<void> {
  if (document.pictureInPictureElement !== null) return await document.exitPictureInPicture();
  const front = document.querySelector<HTMLVideoElement>(
    '[data-place="front"] video, [data-participant]:not(.tile-own) video, .tile-own video',
  );
  await front?.requestPictureInPicture().catch(() => undefined);
}

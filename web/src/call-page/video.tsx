import { useLayoutEffect, useRef } from "preact/hooks";
import { fit } from "../core/arrangement";

interface VideoProps {
  /** A stream of somebody else … */
  stream?: MediaStream;
  /** … or own tracks. */
  tracks?: (MediaStreamTrack | null)[];
  muted?: boolean;
  mirrored?: boolean;
  /** Id of the speaker that plays the sound; empty for the browser's own choice. */
  speaker?: string;
  /** The browser does not play sound before a click; the picture goes on without. */
  onSoundBlocked?: () => void;
}

/** A `<video>` that plays what it is given, and fills its parent as `fit` says. */
export function Video(props: VideoProps) {
  const { stream, tracks = [], muted = false, mirrored = false, speaker = "", onSoundBlocked } = props;
  const place = useRef<HTMLVideoElement>(null);
  useLayoutEffect(() => {
    const video = place.current;
    if (video === null) return;
    const present = tracks.filter((track) => track !== null);
    video.srcObject = stream ?? (present.length > 0 ? new MediaStream(present) : null);
  }, [stream, ...tracks]);
  useLayoutEffect(() => {
    const video = place.current;
    if (video === null) return;
    video.muted = muted;
    if (video.srcObject !== null) void play(video, onSoundBlocked);
  }, [stream, muted, ...tracks]);
  useLayoutEffect(() => void place.current?.setSinkId?.(speaker).catch(() => undefined), [speaker]);
  useLayoutEffect(() => (place.current === null ? undefined : keepFitting(place.current)), []);
  return <video ref={place} class={mirrored ? "mirrored" : undefined} autoplay playsInline />;
}

async function play(video: HTMLVideoElement, onSoundBlocked: VideoProps["onSoundBlocked"]): Promise<void> {
  try {
    await video.play();
  } catch (error) {
    const refused = error instanceof DOMException && error.name === "NotAllowedError";
    if (!refused || video.muted) return; // else another stream has come meanwhile, and plays itself
    video.muted = true;
    onSoundBlocked?.();
    await video.play().catch(() => undefined);
  }
}

function keepFitting(video: HTMLVideoElement): () => void {
  const place = video.parentElement ?? video;
  const update = () => {
    const picture = { width: video.videoWidth, height: video.videoHeight };
    const tile = { width: place.clientWidth, height: place.clientHeight };
    if (picture.width === 0 || tile.width === 0) return;
    const how = fit(picture, tile);
    video.dataset["fit"] = how.name;
    video.style.setProperty("--shown-ratio", how.name === "sides" ? String(how.ratio) : null);
  };
  const observer = new ResizeObserver(update);
  observer.observe(place);
  video.addEventListener("resize", update);
  return () => {
    observer.disconnect();
    video.removeEventListener("resize", update);
  };
}

import { useLayoutEffect, useRef, useState } from "preact/hooks";
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
  /** How high the picture is shown, in device pixels, whenever that changes. */
  onHeight?: (height: number) => void;
  /** A stream plays in place of the one before. */
  onReplaced?: () => void;
}

/** How long a stream stays at most that another one has replaced. */
const PATIENCE_MS = 9000;

/** Plays what it is given, whole or filling its place as `fit` says; a stream until the one that replaces it plays. */
export function Video(props: VideoProps) {
  const { stream } = props;
  const played = useRef({ stream, number: 0 });
  const [, setPlayed] = useState(0);
  if (stream === undefined) return <Player {...props} />;
  if (!hasTracks(played.current.stream)) played.current.stream = stream; // there is nothing to keep on showing
  const { stream: current = stream, number } = played.current;
  const next = number + 1;
  const replaced = () => {
    played.current = { stream, number: next };
    setPlayed(next);
    props.onReplaced?.();
  };
  return (
    <>
      <Player key={number} {...props} stream={current} />
      {stream !== current && <Player key={next} {...props} muted waits onPlaying={replaced} />}
    </>
  );
}

const hasTracks = (stream: MediaStream | undefined): boolean => stream !== undefined && stream.getTracks().length > 0;

interface PlayerProps extends VideoProps {
  /** It is not seen yet. */
  waits?: boolean;
  onPlaying?: () => void;
}

function Player(props: PlayerProps) {
  const { stream, tracks = [], muted = false, mirrored = false, speaker = "", onSoundBlocked, onHeight, waits = false, onPlaying } = props;
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
  useLayoutEffect(() => (place.current === null ? undefined : keepFitting(place.current, onHeight)), []);
  useLayoutEffect(() => (waits && place.current !== null ? oncePlaying(place.current, onPlaying) : undefined), [waits, stream]);
  return <video ref={place} class={waits ? "waits" : mirrored ? "mirrored" : undefined} autoplay playsInline />;
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

function oncePlaying(video: HTMLVideoElement, tell: PlayerProps["onPlaying"]): () => void {
  const timer = setTimeout(() => tell?.(), PATIENCE_MS);
  const played = () => tell?.();
  video.addEventListener("loadeddata", played, { once: true });
  return () => {
    clearTimeout(timer);
    video.removeEventListener("loadeddata", played);
  };
}

function keepFitting(video: HTMLVideoElement, onHeight: VideoProps["onHeight"]): () => void {
  const place = video.parentElement ?? video;
  const update = () => {
    const picture = { width: video.videoWidth, height: video.videoHeight };
    const tile = { width: place.clientWidth, height: place.clientHeight };
    onHeight?.(Math.round(video.clientHeight * devicePixelRatio));
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

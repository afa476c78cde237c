// A film of the call, made in this browser: everybody's pictures on one canvas, everybody's sound in one track.

import { fitted, type Place, placesBeside, placesOf } from "../core/scene";

/** Somebody who may be in the film. */
export interface Actor {
  sessionId: string;
  name: string;
  hasPicture: boolean;
  hasScreen: boolean;
  /** What is heard of them. */
  sound: MediaStreamTrack[];
}

const WIDTH = 1280;
const HEIGHT = 720;
const FRAMES_PER_SECOND = 25;
const BITRATE = 2_500_000;
const PIECE_MS = 1000;
/** The first that the browser can make. What browsers call WebM has no length written in it, so MP4 comes before. */
const FORMATS = [
  "video/mp4;codecs=avc1.42E01F,mp4a.40.2",
  "video/mp4;codecs=avc1.42E01F,opus",
  "video/mp4;codecs=vp9,opus",
  "video/webm",
  "video/mp4",
];
const SOUND_WITHIN_MS = 5000;

const canFilm = "MediaRecorder" in globalThis && "captureStream" in HTMLCanvasElement.prototype;

/** Begin a film with these people; null where the browser makes none, or lets this page have no sound. */
export async function beginFilm(actors: () => readonly Actor[]): Promise<Film | null> {
  if (!canFilm) return null;
  const context = new AudioContext();
  await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, SOUND_WITHIN_MS))]);
  if (context.state === "running") return new Film(context, actors());
  void context.close();
  return null;
}

export class Film {
  readonly #canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  readonly #pen = this.#canvas.getContext("2d", { alpha: false });
  readonly #context: AudioContext;
  readonly #sound: MediaStreamAudioDestinationNode;
  readonly #heard = new Map<MediaStreamTrack, MediaStreamAudioSourceNode>();
  readonly #recorder: MediaRecorder;
  readonly #pieces: Blob[] = [];
  readonly #timer: ReturnType<typeof setInterval>;
  #actors: readonly Actor[];

  /** Begins at once, with these people; `context` runs. */
  constructor(context: AudioContext, actors: readonly Actor[]) {
    this.#context = context;
    this.#sound = context.createMediaStreamDestination();
    this.#actors = actors;
    const tracks = [...this.#canvas.captureStream(FRAMES_PER_SECOND).getTracks(), ...this.#sound.stream.getTracks()];
    const mimeType = FORMATS.find((format) => MediaRecorder.isTypeSupported(format));
    this.#recorder = new MediaRecorder(new MediaStream(tracks), {
      videoBitsPerSecond: BITRATE,
      ...(mimeType !== undefined && { mimeType }),
    });
    this.#recorder.ondataavailable = ({ data }) => this.#pieces.push(data);
    this.follow(actors);
    this.#draw();
    this.#timer = setInterval(() => this.#draw(), 1000 / FRAMES_PER_SECOND);
    this.#recorder.start(PIECE_MS);
  }

  /** From now on these people are in it, and nobody else is seen or heard. */
  follow(actors: readonly Actor[]): void {
    this.#actors = actors;
    const wanted = new Set(actors.flatMap(({ sound }) => sound));
    for (const [track, source] of this.#heard) {
      if (wanted.has(track)) continue;
      source.disconnect();
      this.#heard.delete(track);
    }
    for (const track of wanted) {
      if (this.#heard.has(track)) continue;
      const source = this.#context.createMediaStreamSource(new MediaStream([track]));
      source.connect(this.#sound);
      this.#heard.set(track, source);
    }
  }

  /** End it; the whole film. */
  async end(): Promise<Blob> {
    const stopped = new Promise((resolve) => this.#recorder.addEventListener("stop", resolve, { once: true }));
    if (this.#recorder.state !== "inactive") {
      this.#recorder.stop();
      await stopped;
    }
    clearInterval(this.#timer);
    await this.#context.close();
    return new Blob(this.#pieces, { type: this.#recorder.mimeType });
  }

  #draw(): void {
    const pen = this.#pen;
    if (pen === null) return;
    pen.fillStyle = "#0c1216";
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    const shares = this.#actors.find(({ hasScreen }) => hasScreen);
    const { screen, people } =
      shares === undefined
        ? { screen: null, people: placesOf(this.#actors.length, WIDTH, HEIGHT) }
        : placesBeside(this.#actors.length, WIDTH, HEIGHT);
    if (shares !== undefined && screen !== null) {
      this.#drawPicture(pen, `[data-screen="${CSS.escape(shares.sessionId)}"] video`, screen);
    }
    for (const [index, actor] of this.#actors.entries()) {
      const place = people[index];
      if (place !== undefined) this.#drawActor(pen, actor, place);
    }
  }

  #drawActor(pen: CanvasRenderingContext2D, { sessionId, name, hasPicture }: Actor, place: Place): void {
    pen.fillStyle = "#1a242b";
    pen.fillRect(place.x, place.y, place.width, place.height);
    if (hasPicture) this.#drawPicture(pen, `[data-participant="${CSS.escape(sessionId)}"] video`, place);
    const size = Math.max(12, Math.min(22, place.height / 12));
    pen.font = `600 ${size}px system-ui, sans-serif`;
    const width = Math.min(pen.measureText(name).width, place.width - 3 * size);
    const top = place.y + place.height - 2.2 * size;
    pen.fillStyle = "rgb(12 18 22 / 78%)";
    pen.fillRect(place.x + size / 2, top, width + size, 1.7 * size);
    pen.fillStyle = "#eef3f5";
    pen.fillText(name, place.x + size, top + 1.15 * size, width);
  }

  #drawPicture(pen: CanvasRenderingContext2D, selector: string, place: Place): void {
    const video = document.querySelector<HTMLVideoElement>(selector);
    if (video === null || video.videoWidth === 0) return;
    const { x, y, width, height } = fitted({ width: video.videoWidth, height: video.videoHeight }, place);
    pen.drawImage(video, x, y, width, height);
  }
}

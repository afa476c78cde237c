// Stands for the browser's cameras and microphones: a test grants or refuses.

export class FakeTrack {
  enabled = true;
  contentHint = "";
  readyState: "live" | "ended" = "live";
  onended: (() => void) | null = null;

  constructor(readonly kind: "audio" | "video") {}

  stop(): void {
    this.readyState = "ended";
  }

  getSettings(): MediaTrackSettings {
    return {};
  }

  /** Unplugged, or taken by the system. */
  end(): void {
    this.readyState = "ended";
    this.onended?.();
  }
}

export class FakeMedia {
  readonly tracks: FakeTrack[] = [];
  /** Errors by kind of device; a device without one opens. */
  readonly failures: { audio?: DOMException; video?: DOMException; screen?: DOMException } = {};
  readonly questions: string[] = [];
  readonly asked: MediaStreamConstraints[] = [];
  /** Id of a device that was unplugged. */
  gone: string | null = null;
  /** While set, devices open only when `release` is called. */
  #held: Promise<void> | null = null;

  hold(): () => void {
    let release = (): void => undefined;
    this.#held = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  async getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    const kinds = (["audio", "video"] as const).filter((kind) => constraints[kind] !== undefined);
    this.questions.push(kinds.join("+"));
    this.asked.push(constraints);
    await this.#held;
    const { deviceId } = (constraints.audio ?? {}) as { deviceId?: { exact?: string } };
    if (this.gone !== null && deviceId?.exact === this.gone) throw new DOMException("", "OverconstrainedError");
    for (const kind of kinds) if (this.failures[kind]) throw this.failures[kind];
    return this.#stream(kinds);
  }

  async getDisplayMedia(): Promise<MediaStream> {
    if (this.failures.screen) throw this.failures.screen;
    return this.#stream(["video", "audio"]);
  }

  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return [];
  }

  addEventListener(): void {}
  removeEventListener(): void {}

  get devices(): MediaDevices {
    return this as unknown as MediaDevices;
  }

  live(kind: "audio" | "video"): number {
    return this.tracks.filter((track) => track.kind === kind && track.readyState === "live").length;
  }

  #stream(kinds: readonly ("audio" | "video")[]): MediaStream {
    const tracks = kinds.map((kind) => new FakeTrack(kind));
    this.tracks.push(...tracks);
    const of = (kind: string) => tracks.filter((track) => track.kind === kind);
    const stream = { getTracks: () => tracks, getAudioTracks: () => of("audio"), getVideoTracks: () => of("video") };
    return stream as unknown as MediaStream;
  }
}

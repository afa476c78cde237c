// Camera, microphone and screen of this person.

import { type DeviceFailure, nameFailure, NoDevices, type Situation } from "./device-failure";
import type { Slot } from "./negotiation";
import { everything, type Permitted } from "./permissions";

export type Input = "microphone" | "camera";
export type Kind = Input | "speaker";

export interface Choice {
  id: string;
  label: string;
}

/** A camera or microphone as views show it. */
export interface InputView {
  /** The person wants it to be on. */
  wanted: boolean;
  /** It is being opened. */
  opening: boolean;
  /** What it gives; a muted microphone stays open. */
  track: MediaStreamTrack | null;
  /** Why it is off although it is wanted. */
  failure: DeviceFailure | null;
}

export interface DevicesView {
  microphone: InputView;
  camera: InputView;
  sharing: boolean;
  /** What the call lets this person send. */
  permitted: Permitted;
  sharingFailure: DeviceFailure | null;
  choices: Record<Kind, Choice[]>;
  /** Ids of the devices in use; the empty id is the browser's own choice. */
  chosen: Record<Kind, string>;
  /** The browser takes noise out of the microphone's sound. */
  quiets: boolean;
  /** The browser blurs what is behind the person; null where it cannot. */
  blurs: boolean | null;
}

export interface DevicesOptions {
  /** The browser's devices; undefined on insecure pages. */
  media: MediaDevices | undefined;
  /** What the browser says of its permissions, asked after a failure. */
  situationOf: (feature: Input | "display-capture") => Promise<Situation>;
  chosen: Record<Kind, string>;
  onChange: (view: DevicesView) => void;
  /** What to send in this slot from now on. */
  onTrack: (slot: Slot, track: MediaStreamTrack | null) => void;
}

/** How browsers say that a device is not there. */
const GONE = ["OverconstrainedError", "NotFoundError"];

const idle: InputView = { wanted: false, opening: false, track: null, failure: null };

export const noDevices: DevicesView = {
  microphone: idle,
  camera: idle,
  sharing: false,
  permitted: everything,
  sharingFailure: null,
  choices: { microphone: [], camera: [], speaker: [] },
  chosen: { microphone: "", camera: "", speaker: "" },
  quiets: true,
  blurs: null,
};

/** Opens and closes devices so that they follow what the person wants, however fast that changes. */
export class Devices {
  #view: DevicesView;
  #screen: MediaStream | null = null;
  #running = false;
  readonly #options: DevicesOptions;

  constructor(options: DevicesOptions) {
    this.#options = options;
    this.#view = { ...noDevices, chosen: options.chosen };
  }

  /** True between `start` and `stop`. */
  get isRunning(): boolean {
    return this.#running;
  }

  get view(): DevicesView {
    return this.#view;
  }

  /** Open what is wanted, with one question to the person where both are. The microphone opens even when muted. */
  async start(wanted: Record<Input, boolean>): Promise<void> {
    this.#running = true;
    this.#options.media?.addEventListener("devicechange", this.#list);
    const { permitted } = this.#view;
    this.#want("microphone", wanted.microphone && permitted.microphone);
    this.#want("camera", wanted.camera && permitted.camera);
    const { microphone, camera } = this.#view;
    if (camera.wanted && permitted.microphone && microphone.track === null && camera.track === null) await this.#openTogether();
    await Promise.all([this.#follow("microphone"), this.#follow("camera")]);
  }

  /** Follow what the call permits: what is forbidden is let go at once, and stays off when it is permitted again. */
  async permit(permitted: Permitted): Promise<void> {
    this.#change({ permitted });
    if (!permitted.screen && this.#view.sharing) this.stopSharing();
    for (const input of ["microphone", "camera"] as const) {
      if (permitted[input]) continue;
      this.#want(input, false);
      this.#release(input);
    }
    await Promise.all([this.#follow("microphone"), this.#follow("camera")]);
  }

  /** Switch the microphone or the camera on or off; tries again after a failure. */
  async set(input: Input, wanted: boolean): Promise<void> {
    if (wanted && !this.#view.permitted[input]) return;
    this.#want(input, wanted);
    await this.#follow(input);
  }

  /** Go on without a device that failed. */
  giveUp(input: Input): void {
    if (this.#view[input].failure !== null) this.#changeInput(input, { wanted: false });
  }

  /** Use this device from now on. */
  async choose(kind: Kind, id: string): Promise<void> {
    this.#change({ chosen: { ...this.#view.chosen, [kind]: id } });
    if (kind === "speaker") return;
    const isOff = this.#view[kind].track === null && !this.#view[kind].wanted;
    if (isOff) return;
    this.#release(kind);
    await this.#follow(kind);
  }

  /** Take noise out of the microphone's sound, or leave it as it is. */
  async quietNoise(quiets: boolean): Promise<void> {
    this.#change({ quiets });
    await this.#view.microphone.track?.applyConstraints(this.#constraints("microphone")).catch(() => undefined);
  }

  /** Have the browser blur what is behind the person, where it can. */
  async blurBackground(blurs: boolean): Promise<void> {
    const wish = { backgroundBlur: blurs } as MediaTrackConstraints;
    await this.#view.camera.track?.applyConstraints(wish).catch(() => undefined);
    this.#change({ blurs: this.#blurOf(this.#view.camera.track) });
  }

  /** Ask the person for a screen to share; they may say no, which is no failure. */
  async shareScreen(): Promise<void> {
    if (!this.#view.permitted.screen) return;
    try {
      if (this.#options.media === undefined) throw new NoDevices();
      this.#screen = await this.#options.media.getDisplayMedia({ video: true, audio: true });
    } catch (error) {
      const failure = nameFailure(error, await this.#options.situationOf("display-capture"));
      const saidNo = failure === "blocked" || failure === "dismissed";
      this.#change({ sharingFailure: saidNo ? null : failure });
      return;
    }
    if (!this.#running || !this.#view.permitted.screen) return this.stopSharing();
    const [video] = this.#screen.getVideoTracks();
    if (video !== undefined) {
      video.contentHint = "detail";
      video.onended = () => this.stopSharing();
    }
    this.#change({ sharing: true, sharingFailure: null });
    this.#options.onTrack("screen", video ?? null);
    this.#options.onTrack("screenSound", this.#screen.getAudioTracks()[0] ?? null);
  }

  stopSharing(): void {
    for (const track of this.#screen?.getTracks() ?? []) track.stop();
    this.#screen = null;
    this.#options.onTrack("screen", null);
    this.#options.onTrack("screenSound", null);
    this.#change({ sharing: false });
  }

  /** Let go of everything; lights go out. */
  stop(): void {
    this.#running = false;
    this.#options.media?.removeEventListener("devicechange", this.#list);
    if (this.#view.sharing) this.stopSharing();
    for (const input of ["microphone", "camera"] as const) {
      this.#want(input, false);
      this.#release(input);
    }
  }

  #want(input: Input, wanted: boolean): void {
    this.#changeInput(input, { wanted, failure: null });
  }

  async #openTogether(): Promise<void> {
    this.#changeInput("microphone", { opening: true });
    this.#changeInput("camera", { opening: true });
    try {
      const constraints = { audio: this.#constraints("microphone"), video: this.#constraints("camera") };
      const stream = await this.#open(constraints);
      this.#opened("microphone", stream.getAudioTracks()[0]);
      this.#opened("camera", stream.getVideoTracks()[0]);
    } catch (error) {
      // Which of the two failed, and why, shows when each is opened alone; but a person is not asked twice.
      await this.#noteDismissal("microphone", error);
      await this.#noteDismissal("camera", error);
    } finally {
      this.#changeInput("microphone", { opening: false });
      this.#changeInput("camera", { opening: false });
    }
    await this.#list();
  }

  async #noteDismissal(input: Input, error: unknown): Promise<void> {
    const failure = nameFailure(error, await this.#options.situationOf(input));
    if (failure === "dismissed") this.#changeInput(input, { failure });
  }

  /** Bring the device to what is wanted. A call while one is under way is covered by that one. */
  async #follow(input: Input): Promise<void> {
    for (;;) {
      const { wanted, opening, track, failure } = this.#view[input];
      if (opening || !this.#running) return;
      const mayOpen = this.#view.permitted[input] && failure === null;
      if (track === null && mayOpen && (wanted || input === "microphone")) await this.#openAlone(input);
      else if (track !== null && !wanted && input === "camera") this.#release(input);
      else break;
    }
    this.#send(input);
  }

  async #openAlone(input: Input): Promise<void> {
    this.#changeInput(input, { opening: true });
    try {
      const stream = await this.#openChosen(input);
      this.#opened(input, stream.getTracks()[0]);
    } catch (error) {
      this.#changeInput(input, { failure: nameFailure(error, await this.#options.situationOf(input)) });
    } finally {
      this.#changeInput(input, { opening: false });
    }
    await this.#list();
  }

  /** The chosen device, exactly: a mere wish is passed over by some browsers. Another one if it is not there any more. */
  async #openChosen(input: Input): Promise<MediaStream> {
    const medium = input === "camera" ? "video" : "audio";
    const { deviceId, ...rest } = this.#constraints(input);
    if (deviceId === undefined) return await this.#open({ [medium]: rest });
    try {
      return await this.#open({ [medium]: { ...rest, deviceId } });
    } catch (error) {
      if (!GONE.includes((error as { name?: string }).name ?? "")) throw error;
      return await this.#open({ [medium]: rest });
    }
  }

  async #open(constraints: MediaStreamConstraints): Promise<MediaStream> {
    if (this.#options.media === undefined) throw new NoDevices();
    return await this.#options.media.getUserMedia(constraints);
  }

  #opened(input: Input, track: MediaStreamTrack | undefined): void {
    if (track === undefined) return;
    if (!this.#running || !this.#view.permitted[input]) return track.stop();
    track.contentHint = input === "camera" ? "motion" : "speech";
    track.onended = () => this.#ended(input, track);
    this.#changeInput(input, { track });
    if (input === "camera") this.#change({ blurs: this.#blurOf(track) });
  }

  #blurOf(track: MediaStreamTrack | null): boolean | null {
    const can = track?.getCapabilities?.() as { backgroundBlur?: boolean[] } | undefined;
    if ((can?.backgroundBlur?.length ?? 0) < 2) return null;
    return (track?.getSettings() as { backgroundBlur?: boolean }).backgroundBlur === true;
  }

  /** Unplugged or taken away: try once with what is left. */
  #ended(input: Input, track: MediaStreamTrack): void {
    if (this.#view[input].track !== track) return;
    this.#release(input);
    this.#changeInput(input, { failure: null });
    void this.#follow(input).then(() => {
      if (this.#view[input].failure === "none-found") this.#changeInput(input, { failure: "lost" });
    });
  }

  #release(input: Input): void {
    const { track } = this.#view[input];
    if (track === null) return;
    track.onended = null;
    track.stop();
    this.#changeInput(input, { track: null });
    this.#options.onTrack(input, null);
  }

  #send(input: Input): void {
    const { wanted, track } = this.#view[input];
    if (track !== null) track.enabled = wanted;
    this.#options.onTrack(input, wanted ? track : null);
  }

  #constraints(input: Input): MediaTrackConstraints {
    const id = this.#view.chosen[input];
    const device = id === "" ? {} : { deviceId: { exact: id } };
    if (input === "microphone") return { ...device, echoCancellation: true, noiseSuppression: this.#view.quiets, autoGainControl: true };
    return { ...device, width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
  }

  readonly #list = async (): Promise<void> => {
    const all = (await this.#options.media?.enumerateDevices()) ?? [];
    this.#change({
      choices: {
        microphone: choices(all, "audioinput"),
        camera: choices(all, "videoinput"),
        speaker: choices(all, "audiooutput"),
      },
    });
  };

  #changeInput(input: Input, change: Partial<InputView>): void {
    this.#change({ [input]: { ...this.#view[input], ...change } });
  }

  #change(change: Partial<DevicesView>): void {
    this.#view = { ...this.#view, ...change };
    this.#options.onChange(this.#view);
  }
}

/** What can be chosen of one kind: nothing before the person has permitted devices, for then browsers give no ids. */
export function choices(devices: readonly MediaDeviceInfo[], kind: MediaDeviceKind): Choice[] {
  return devices
    .filter((device) => device.kind === kind && device.deviceId !== "")
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

// One person's way through a call, from hello to goodbye. Views and embedding pages command it and watch its store.

import {
  type AppMessageFrom,
  type Entry,
  type FromBrowser,
  type FromServer,
  type Joined,
  type Media,
  type MediaSource,
  type MergeStrategy,
  type ParticipantView,
  type PermissionsChange,
  PROTOCOL_VERSIONS,
  type Refused,
} from "../protocol/messages.gen";
import type { CallOptions } from "./call-options";
import { Care } from "./care";
import { Devices, type Input, type Kind } from "./devices";
import { Media as CallMedia } from "./media";
import { Opening } from "./opening";
import { permittedBy } from "./permissions";
import { RecordingCommands } from "./recording-commands";
import { isSame, sent } from "./sent";
import { Signalling } from "./signalling";
import { type Event, initialState, isOver, reduce, type State } from "./state";
import { Store } from "./store";

/** The one part that knows socket, connections and devices together. */
export class Call {
  readonly store: Store<State, Event>;
  readonly #options: CallOptions;
  readonly #token: string | null;
  readonly #devices: Devices;
  /** What carries pictures and sound; views tell it how large they show whom. */
  readonly media: CallMedia;
  readonly recording = new RecordingCommands((message) => this.#signalling.send(message));
  readonly #care: Care;
  #signalling: Signalling;
  #told: Media = { audio: false, video: false, screen: false };
  readonly #opening = new Opening();
  #settling: ReturnType<typeof setTimeout> | undefined;
  readonly #hearers = new Set<(message: AppMessageFrom) => void>();

  constructor(options: CallOptions) {
    this.#options = options;
    this.#token = options.memory.token;
    this.store = new Store(reduce, initialState(options.userName, options.lang));
    this.#devices = new Devices({
      media: options.media,
      situationOf: options.situationOf,
      chosen: options.chosenDevices,
      onChange: (devices) => {
        this.store.dispatch({ type: "devices", devices });
        this.#tellMedia();
      },
      onTrack: (slot, track) => this.media.setTrack(slot, track),
    });
    this.media = new CallMedia({
      send: (message) => this.#signalling.send(message),
      reachable: () => this.#signalling.line === "open",
      onRemote: (sessionId, remote) => this.store.dispatch({ type: "remote", sessionId, remote }),
    });
    this.#care = new Care({
      media: this.media,
      onSpeaking: (speaking) => this.store.dispatch({ type: "speaking", speaking }),
      onNetwork: (network) => {
        this.store.dispatch({ type: "network", network });
        this.#tellMedia();
      },
      onBusy: (isBusy) => this.store.dispatch({ type: "busy", isBusy }),
    });
    this.#signalling = this.#newSignalling();
  }

  /** Say hello to the server. */
  start(): void {
    this.#signalling.start();
  }

  /** Enter the call, or knock, under this name (the token's own name wins). */
  join(userName: string): void {
    this.#entering(userName);
    this.#signalling.send({ type: "join", ...this.#entry() });
  }

  leave(): void {
    this.#signalling.send({ type: "leave" });
    this.store.dispatch({ type: "left" });
    this.#end();
    // The invitation stays for as long as the tab: who reloads now is not a stranger.
    this.#options.memory.forgetResume();
  }

  /** Begin anew after the end or a refusal. */
  again(): void {
    this.#opening.forget();
    this.#signalling.close();
    if (this.#token !== null) this.#options.memory.arriveWith(this.#token);
    this.#signalling = this.#newSignalling();
    this.store.dispatch({ type: "restarted" });
    this.start();
  }

  admit(sessionId: string): void {
    this.store.dispatch({ type: "answered", sessionId });
    this.#signalling.send({ type: "admit", session_id: sessionId });
  }

  deny(sessionId: string): void {
    this.store.dispatch({ type: "answered", sessionId });
    this.#signalling.send({ type: "deny", session_id: sessionId });
  }

  /** Send somebody out of the call; with `ban`, their user id stays outside for as long as the room is there. */
  eject(sessionId: string, { ban = false }: { ban?: boolean } = {}): void {
    this.#say({ type: "eject", session_id: sessionId, ban });
  }

  /** Switch off what somebody sends; they can switch it on again. */
  mute(sessionId: string, source: MediaSource): void {
    this.#say({ type: "mute", session_id: sessionId, source });
  }

  updatePermissions(sessionId: string, permissions: PermissionsChange): void {
    this.#say({ type: "update-permissions", session_id: sessionId, permissions });
  }

  /** Let nobody new in without asking, or do so again. */
  lock(on: boolean): void {
    this.#say({ type: "lock", on });
  }

  /** Let the call go on for ten minutes more. */
  extend(): void {
    this.#say({ type: "extend" });
  }

  /**
   * Say something to the pages of others: by session id, or to everybody else. At most `MAX_APP_MESSAGE_LENGTH`
   * characters as JSON. Whoever waits in the lobby reaches those who may admit, and these may answer by session id.
   */
  sendAppMessage(data: unknown, to: string | string[] | null = null): void {
    this.#say({ type: "app-message", to: typeof to === "string" ? [to] : to, data });
  }

  /** Hear what other pages say; `sender` is null for the customer's own server. The answer ends that. */
  onAppMessage(hearer: (message: AppMessageFrom) => void): () => void {
    this.#hearers.add(hearer);
    return () => this.#hearers.delete(hearer);
  }

  setUserName(userName: string): void {
    this.#say({ type: "set-user-name", user_name: userName });
  }

  /** Tell the others something about this person; it stands in `user_data` of their `ParticipantView`. */
  setUserData(data: unknown): void {
    this.#say({ type: "set-user-data", data });
  }

  /** Change what everybody in the call knows together: `state.stage.sessionData`. */
  setSessionData(data: Record<string, unknown>, mergeStrategy: MergeStrategy = "replace", keysToDelete: string[] = []): void {
    this.#say({ type: "set-session-data", data, merge_strategy: mergeStrategy, keys_to_delete: keysToDelete });
  }

  dismissMuted(): void {
    this.store.dispatch({ type: "muted-seen" });
  }

  /** Switch microphone or camera on or off. */
  async setInput(input: Input, wanted: boolean): Promise<void> {
    const following = this.#devices.set(input, wanted);
    this.#keepWishes();
    await following;
  }

  /** Open devices that failed once more, with one question for all. */
  async tryAgain(inputs: Input[]): Promise<void> {
    const { microphone, camera } = this.#devices.view;
    await this.#devices.start({
      microphone: microphone.wanted || inputs.includes("microphone"),
      camera: camera.wanted || inputs.includes("camera"),
    });
  }

  /** Stop asking for devices that failed. */
  goOnWithout(inputs: Input[]): void {
    for (const input of inputs) this.#devices.giveUp(input);
  }

  async chooseDevice(kind: Kind, id: string): Promise<void> {
    await this.#devices.choose(kind, id);
  }

  async quietNoise(quiets: boolean): Promise<void> {
    await this.#devices.quietNoise(quiets);
  }

  async blurBackground(blurs: boolean): Promise<void> {
    await this.#devices.blurBackground(blurs);
  }

  async shareScreen(): Promise<void> {
    await this.#devices.shareScreen();
  }

  stopSharing(): void {
    this.#devices.stopSharing();
  }

  /** The browser refused to play sound, or plays it now. */
  setSoundBlocked(blocked: boolean): void {
    this.store.dispatch({ type: "sound-blocked", blocked });
  }

  dismissProblem(): void {
    this.store.dispatch({ type: "problem-seen" });
  }

  /** The network may have changed, or the machine was asleep. */
  wake(): void {
    if (isOver(this.store.state.stage)) return;
    this.#signalling.wake();
    this.media.mend();
  }

  #newSignalling(): Signalling {
    return new Signalling({
      url: this.#options.signallingUrl,
      connect: this.#options.connect,
      hello: () => ({
        type: "hello",
        versions: PROTOCOL_VERSIONS,
        room: this.#options.room,
        token: this.#token,
        resume: this.#options.memory.resume,
        enter: this.#entry(),
      }),
      onMessage: (message) => this.#receive(message),
      onHello: () => this.media.prepare(),
      onLine: (line) => this.store.dispatch({ type: "line", line }),
      onClosed: (code) => {
        this.store.dispatch({ type: "closed", code });
        this.#end();
      },
    });
  }

  #receive(message: FromServer): void {
    const before = this.store.state;
    this.store.dispatch({ type: "message", message });
    switch (message.type) {
      case "welcome":
        return this.#welcomed(before);
      case "joined":
        return this.#joined(message);
      case "waiting":
        this.#options.memory.keepResume(message.resume);
        return this.#openDevices();
      case "participant-joined":
        return this.media.add(message.participant);
      case "participant-updated":
        return this.#updated(message.participant);
      case "participant-left":
      case "listener-left":
        return this.media.remove(message.session_id);
      case "media-server":
      case "published":
      case "subscription":
      case "direct-over":
      case "listener-joined":
      case "recording-changed":
      case "description-from":
      case "candidate-from":
        return this.media.take(message);
      case "ice-servers":
        return this.media.renew(message.ice_servers);
      case "muted":
        return this.#muted(message.source);
      case "app-message-from":
        return [...this.#hearers].forEach((hear) => hear(message));
      case "resume":
        return this.#options.memory.keepResume(message.resume);
      case "refused":
        return this.#refused(message);
      case "ended":
        this.#options.memory.forget();
        return this.#end();
    }
  }

  #joined(message: Joined): void {
    this.#options.memory.keepResume(message.resume);
    this.#told = message.you.media;
    void this.#devices.permit(permittedBy(message.you.permissions));
    this.media.enter(message);
    this.#keepPresent();
    clearTimeout(this.#settling);
    const wait = message.settling_seconds * 1000;
    if (wait > 0) this.#settling = setTimeout(() => this.#settle(), wait);
    this.#openDevices();
    this.#tellMedia();
    this.#care.start();
  }

  #updated(participant: ParticipantView): void {
    const { stage } = this.store.state;
    if (stage.name !== "call" || participant.session_id !== stage.you.session_id) {
      return this.media.update(participant);
    }
    void this.#devices.permit(permittedBy(participant.permissions));
    this.media.updateMe(participant);
  }

  #muted(source: MediaSource): void {
    if (source === "screen") return this.#devices.stopSharing();
    void this.setInput(source === "audio" ? "microphone" : "camera", false);
  }

  #say(message: FromBrowser): void {
    this.#signalling.send(message);
  }

  #settle(): void {
    this.store.dispatch({ type: "settled" });
    this.media.settle();
    this.#keepPresent();
  }

  #keepPresent(): void {
    const { stage } = this.store.state;
    if (stage.name !== "call") return;
    this.media.keepOnly([...stage.others, ...stage.hidden].map(({ session_id }) => session_id));
  }

  /** A place that was lost while the line was down is asked for again, without troubling the person. */
  #welcomed({ stage }: State): void {
    this.#options.memory.forgetResume();
    const { room, you, userName } = this.store.state;
    if (you !== null) void this.#devices.permit(permittedBy(you.permissions));
    const wasInside = stage.name === "call" || stage.name === "lobby" || (stage.name === "prejoin" && stage.entering);
    this.#openDevices();
    if (room?.enable_prejoin_ui === false) this.#entering(userName); // as the hello has said
    else if (wasInside) this.join(userName);
  }

  #entering(userName: string): void {
    this.goOnWithout(["microphone", "camera"]);
    this.store.dispatch({ type: "entering", userName });
    this.#keepWishes();
  }

  #refused({ reason, at }: Refused): void {
    this.#options.memory.forgetResume();
    if (reason === "exp-token" || reason === "not-allowed") this.#options.memory.forget();
    const isEarly = reason === "nbf-room" || reason === "nbf-token";
    if (isEarly && at !== null && !this.#options.isDriven) this.#opening.await(at, () => this.again());
    this.#end();
  }

  #openDevices(): void {
    if (this.#devices.isRunning) return;
    const { room } = this.store.state;
    const wishes = this.#options.memory.wishes;
    void this.#devices.start({
      microphone: wishes?.microphone ?? room?.start_audio_off !== true,
      camera: wishes?.camera ?? room?.start_video_off !== true,
    });
  }

  #keepWishes(): void {
    const { microphone, camera } = this.#devices.view;
    this.#options.memory.keepWishes({ microphone: microphone.wanted, camera: camera.wanted });
  }

  #entry(): Entry {
    return { user_name: this.store.state.userName, media: this.#sending() };
  }

  #sending(): Media {
    return sent(this.#devices.view, this.store.state.view.network.step);
  }

  #tellMedia(): void {
    if (this.store.state.stage.name !== "call") return;
    const media = this.#sending();
    if (isSame(media, this.#told)) return;
    this.#told = media;
    this.#signalling.send({ type: "set-media", media });
  }

  #end(): void {
    clearTimeout(this.#settling);
    this.#signalling.close();
    this.#care.stop();
    this.media.close();
    this.#devices.stop();
  }
}

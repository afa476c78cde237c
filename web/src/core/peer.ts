// One connection to one other participant.

import type { Candidate, CandidateFrom, Description, DescriptionKind, Media } from "../protocol/messages.gen";
import { LIMITS, type Step } from "./network";
import { connectionId, kindOf, type Link, linkOf, patience, reception, SLOTS, type Slot, type Tracks } from "./negotiation";
import { goBy, type Way } from "./spare";
import { type Look, lookAt, NOTHING_COUNTED } from "./stats";
import { arranged, slotsOf } from "./streams";

const MENDS_BEFORE_STARTING_OVER = 2;

type ForOne<Message> = Message extends unknown ? Omit<Message, "to"> : never;

export interface PeerOptions {
  /** New, or with the transceivers of `SLOTS` in it (spare.ts). */
  connection: RTCPeerConnection;
  /** True if we came later: we give way in a collision, and mend first. */
  later: boolean;
  tracks: Tracks;
  media: Media;
  /** How much of the own picture is sent. */
  step: Step;
  /** What they may send and we may receive; the rest is not shown, whatever arrives. */
  takes: Slot[];
  send: (message: ForOne<Description | Candidate>) => void;
  /** False while nothing that we send would arrive. */
  reachable: () => boolean;
  /** `link`, `camera` or `screen` is another one now. */
  onChange: () => void;
  /** Mending did not help: this connection is beyond repair. */
  onStuck: () => void;
}

/**
 * Sends our tracks to one participant and receives theirs, over four transceivers that never change; muting,
 * another device and sharing only replace tracks. Mends itself for as long as it is open.
 */
export class Peer {
  /** What they send: microphone, and camera while it is on. */
  camera = new MediaStream();
  /** Their shared screen with its sound, while they share. */
  screen = new MediaStream();
  link: Link = "connecting";

  readonly #options: PeerOptions;
  readonly #connection: RTCPeerConnection;
  readonly #early: RTCIceCandidateInit[] = [];
  // Tracks of one stream are played in step with each other at the other side.
  readonly #outgoing = { camera: new MediaStream(), screen: new MediaStream() };
  #media: Media;
  #step: Step;
  #counts = NOTHING_COUNTED;
  #takes: Slot[];
  readonly #tracks: Tracks;
  #inbox: Promise<void> = Promise.resolve();
  #makingOffer = false;
  #remoteConnection: string | null = null;
  #mends = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PeerOptions) {
    this.#options = options;
    this.#media = options.media;
    this.#step = options.step;
    this.#takes = options.takes;
    this.#tracks = { ...options.tracks };
    this.#connection = options.connection;
    this.#connection.onnegotiationneeded = () => void this.#offer();
    this.#connection.onicecandidate = ({ candidate }) => this.#sendCandidate(candidate);
    this.#connection.onconnectionstatechange = () => this.#connectionChanged();
    this.#watch();
  }

  /** Make the first offer, as who came later does. */
  call(): void {
    const ready = this.#connection.getTransceivers();
    for (const [index, slot] of SLOTS.entries()) {
      const { sender } = ready[index] ?? this.#connection.addTransceiver(kindOf(slot));
      sender.setStreams(this.#stream(slot));
      if (this.#tracks[slot] !== null) void sender.replaceTrack(this.#tracks[slot]);
    }
    void this.#applyLimit();
    void this.#offer(); // at once, not when the browser comes to say that negotiation is needed
    this.#arrangeStreams();
  }

  /** What `reception` says of a description that has just arrived. */
  judge(kind: DescriptionKind, sdp: string): "take" | "ignore" | "start-over" {
    return reception(kind, connectionId(sdp), {
      yields: this.#options.later,
      signalling: this.#connection.signalingState,
      makingOffer: this.#makingOffer,
      remoteConnection: this.#remoteConnection,
    });
  }

  /** Apply a description that `judge` said to take, and answer an offer. */
  take(kind: DescriptionKind, sdp: string): void {
    this.#remoteConnection = connectionId(sdp);
    this.#inOrder(async () => {
      await this.#connection.setRemoteDescription({ type: kind, sdp });
      if (kind === "offer") await this.#answer();
      for (const candidate of this.#early.splice(0)) await this.#addCandidate(candidate);
    });
  }

  takeCandidate(candidate: CandidateFrom): void {
    this.#inOrder(() =>
      this.#addCandidate({
        candidate: candidate.candidate,
        sdpMid: candidate.sdp_mid,
        sdpMLineIndex: candidate.sdp_m_line_index,
        usernameFragment: candidate.username_fragment,
      }),
    );
  }

  /** Send this track from now on, or nothing. */
  setTrack(slot: Slot, track: MediaStreamTrack | null): void {
    if (this.#tracks[slot] === track) return;
    this.#tracks[slot] = track;
    void this.#transceiver(slot)?.sender.replaceTrack(track).catch(ignoreClosed);
  }

  /** What the participant sends now; what they do not send must not hold up what they do. */
  setMedia(media: Media, takes: Slot[]): void {
    this.#media = media;
    this.#takes = takes;
    this.#arrangeStreams();
  }

  /** How loud the participant is at this moment, from 0 to 1. */
  level(): number {
    const [source] = this.#transceiver("microphone")?.receiver.getSynchronizationSources() ?? [];
    return this.#media.audio ? (source?.audioLevel ?? 0) : 0;
  }

  /** Measure the connection since the last look; null while it does not stand. */
  async look(): Promise<Look | null> {
    if (this.link !== "connected") return null;
    const reports = await this.#connection.getStats();
    const look = lookAt(reports.values(), this.#counts);
    this.#counts = look.counts;
    return look;
  }

  /** Send as much of the own picture as this step allows. */
  limit(step: Step): void {
    this.#step = step;
    void this.#applyLimit();
  }

  /** Whenever it looks for a way from now on, take this one. */
  goBy(way: Way): void {
    goBy(this.#connection, way);
  }

  /** Repair the connection now, if it needs that. */
  mend(): void {
    if (this.link === "connected" || !this.#options.reachable()) return this.#watch();
    if (++this.#mends > MENDS_BEFORE_STARTING_OVER) return this.#options.onStuck();
    if (this.#connection.getTransceivers().length === 0) this.call();
    else if (this.#connection.signalingState === "have-local-offer") this.#sendDescription();
    else this.#connection.restartIce();
    this.#watch();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#connection.onconnectionstatechange = null;
    this.#connection.close();
  }

  async #offer(): Promise<void> {
    this.#makingOffer = true;
    try {
      await this.#connection.setLocalDescription();
      this.#sendDescription();
    } catch (error) {
      ignoreClosed(error);
    } finally {
      this.#makingOffer = false;
    }
  }

  async #answer(): Promise<void> {
    for (const [index, transceiver] of this.#connection.getTransceivers().entries()) {
      const slot = SLOTS[index];
      if (slot === undefined || transceiver.direction === "sendrecv") continue;
      transceiver.direction = "sendrecv";
      transceiver.sender.setStreams(this.#stream(slot));
      void transceiver.sender.replaceTrack(this.#tracks[slot]);
    }
    await this.#connection.setLocalDescription();
    this.#sendDescription();
    this.#arrangeStreams();
  }

  #sendDescription(): void {
    const description = this.#connection.localDescription;
    if (description === null || description.type === "pranswer") return;
    this.#options.send({ type: "description", kind: description.type, sdp: description.sdp });
  }

  #sendCandidate(candidate: RTCIceCandidate | null): void {
    if (candidate === null) return;
    this.#options.send({
      type: "candidate",
      candidate: candidate.candidate,
      sdp_mid: candidate.sdpMid,
      sdp_m_line_index: candidate.sdpMLineIndex,
      username_fragment: candidate.usernameFragment,
    });
  }

  async #addCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (this.#connection.remoteDescription === null) {
      this.#early.push(candidate);
      return;
    }
    // A candidate of an earlier ICE session fails, and is of no use.
    await this.#connection.addIceCandidate(candidate).catch(() => undefined);
  }

  #inOrder(step: () => Promise<void>): void {
    this.#inbox = this.#inbox.then(step).catch(ignoreClosed);
  }

  #connectionChanged(): void {
    const link = linkOf(this.#connection.connectionState);
    if (link === "connected") this.#mends = 0;
    if (link !== this.link) {
      this.link = link;
      this.#options.onChange();
    }
    this.#watch();
  }

  #watch(): void {
    clearTimeout(this.#timer);
    if (this.link === "connected") return;
    const pause = patience(this.#connection.connectionState, this.#options.later, this.#mends);
    this.#timer = setTimeout(() => this.mend(), pause);
  }

  /** The sound goes first; the picture takes what its step allows. */
  async #applyLimit(): Promise<void> {
    const { bitrate, shrink, frames } = LIMITS[this.#step];
    const prefer = this.#setEncoding("microphone", { priority: "high", networkPriority: "high" });
    const active = bitrate > 0;
    const limits = { active, maxFramerate: frames, scaleResolutionDownBy: shrink };
    const restrain = this.#setEncoding("camera", active ? { ...limits, maxBitrate: bitrate } : limits);
    await Promise.all([prefer, restrain]);
  }

  async #setEncoding(slot: Slot, change: Partial<RTCRtpEncodingParameters>): Promise<void> {
    const sender = this.#transceiver(slot)?.sender;
    const parameters = sender?.getParameters();
    const [encoding] = parameters?.encodings ?? [];
    if (sender === undefined || parameters === undefined || encoding === undefined) return;
    Object.assign(encoding, change);
    await sender.setParameters(parameters).catch(() => undefined); // a browser that limits nothing sends everything
  }

  #transceiver(slot: Slot): RTCRtpTransceiver | undefined {
    return this.#connection.getTransceivers()[SLOTS.indexOf(slot)];
  }

  #stream(slot: Slot): MediaStream {
    return slot === "microphone" || slot === "camera" ? this.#outgoing.camera : this.#outgoing.screen;
  }

  #arrangeStreams(): void {
    const { camera, screen } = this;
    const slots = slotsOf(this.#media);
    this.camera = arranged(camera, this.#taken(slots.camera));
    this.screen = arranged(screen, this.#taken(slots.screen));
    if (camera !== this.camera || screen !== this.screen) this.#options.onChange();
  }

  #taken(slots: Slot[]): MediaStreamTrack[] {
    return slots.filter((slot) => this.#takes.includes(slot)).flatMap((slot) => this.#transceiver(slot)?.receiver.track ?? []);
  }
}

/** Operations on a connection that was closed meanwhile end in InvalidStateError; all else is a defect. */
function ignoreClosed(error: unknown): void {
  if (!(error instanceof DOMException && error.name === "InvalidStateError")) console.error(error);
}

// The way over a media server: one connection for all that we send, one for all that we receive.

import type { CarriedTrack, FromBrowser, Media, PathCandidate, Published, Subscription } from "../protocol/messages.gen";
import { LAYERS, sentLayers } from "./layers";
import { kindOf, type Link, linkOf, patience, SLOTS, type Slot, type Tracks } from "./negotiation";
import type { Step } from "./network";
import { goBy, newConnection, type Way } from "./spare";
import { type Look, lookAt, NOTHING_COUNTED } from "./stats";

export interface ServerPathOptions {
  /** The server's name for it. */
  name: string;
  way: Way;
  /** Whether we may send anything at all. */
  sends: boolean;
  tracks: Tracks;
  step: Step;
  /** Whether the picture is sent in several sizes. */
  several: boolean;
  send: (message: FromBrowser) => void;
  /** False while nothing that we send would arrive. */
  reachable: () => boolean;
  /** Something about these people's tracks, or about `link`, is another thing now. */
  onChange: (sessionIds: string[]) => void;
}

/** Begins anew by itself, for as long as it is open, when one of its connections breaks. */
export class ServerPath {
  /** How the connection is over which we receive. */
  link: Link = "connecting";

  readonly #options: ServerPathOptions;
  readonly #tracks: Tracks;
  readonly #stream = { camera: new MediaStream(), screen: new MediaStream() };
  #way: Way;
  #sends: boolean;
  #step: Step;
  #several: boolean;
  #out: RTCPeerConnection | null = null;
  #in: RTCPeerConnection | null = null;
  #lines: CarriedTrack[] = [];
  #inbox: Promise<void> = Promise.resolve();
  #counts = NOTHING_COUNTED;
  #beginnings = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOpen = true;

  constructor(options: ServerPathOptions) {
    this.#options = options;
    this.#way = options.way;
    this.#sends = options.sends;
    this.#tracks = { ...options.tracks };
    this.#step = options.step;
    this.#several = options.several;
    void this.#begin();
  }

  get name(): string {
    return this.#options.name;
  }

  /** Follow what the server says of this path. */
  take(message: Published | Subscription): void {
    if (message.type === "subscription") return this.#inOrder(() => this.#subscribe(message));
    const connection = this.#out;
    this.#inOrder(async () => {
      if (connection !== this.#out || connection?.signalingState !== "have-local-offer") return;
      await connection.setRemoteDescription({ type: "answer", sdp: message.sdp });
    });
  }

  setTrack(slot: Slot, track: MediaStreamTrack | null): void {
    this.#tracks[slot] = track;
    void this.#sender(slot)?.replaceTrack(track).catch(() => undefined);
  }

  /** We may send something now, or nothing any more. */
  permit(sends: boolean): void {
    if (sends === this.#sends) return;
    this.#sends = sends;
    void this.#begin();
  }

  /** Send as much of the own picture as this step allows, and in several sizes or one. */
  limit(step: Step, several: boolean): void {
    this.#step = step;
    this.#several = several;
    void this.#applyLimit();
  }

  goBy(way: Way): void {
    this.#way = way;
    for (const connection of [this.#out, this.#in]) if (connection !== null) goBy(connection, way);
  }

  /** Repair it now, if it needs that. */
  mend(): void {
    const isWell = this.#states().every((state) => state === "connected");
    if (!isWell && this.#options.reachable()) void this.#begin();
    else this.#watch();
  }

  /** Whose media comes over this path. */
  people(): Set<string> {
    return new Set(this.#lines.map(({ session_id }) => session_id));
  }

  /** What we receive of somebody. */
  track(sessionId: string, slot: Slot): MediaStreamTrack | null {
    return this.#receiver(sessionId, slot)?.track ?? null;
  }

  /** How loud somebody is at this moment, from 0 to 1. */
  level(sessionId: string): number {
    const [source] = this.#receiver(sessionId, "microphone")?.getSynchronizationSources() ?? [];
    return source?.audioLevel ?? 0;
  }

  /** Whether what somebody sends arrives, so that the first picture could be shown at once. */
  async flows(sessionId: string, { audio, video }: Media): Promise<boolean> {
    if (this.link !== "connected" || !this.people().has(sessionId)) return false;
    const slots: Slot[] = [...(audio ? (["microphone"] as const) : []), ...(video ? (["camera"] as const) : [])];
    const receivers = slots.flatMap((slot) => this.#receiver(sessionId, slot) ?? []);
    const arrived = await Promise.all(receivers.map(hasArrived));
    return arrived.every((each) => each);
  }

  /** Measure both connections since the last look, as one; null while they do not stand. */
  async look(): Promise<Look | null> {
    const standing = [this.#out, this.#in].filter((connection) => connection?.connectionState === "connected");
    if (standing.length === 0) return null;
    const reports = await Promise.all(standing.map(async (connection) => [...((await connection?.getStats())?.values() ?? [])]));
    const look = lookAt(reports.flat(), this.#counts);
    this.#counts = look.counts;
    return look;
  }

  close(): void {
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#part();
  }

  #part(): void {
    for (const connection of [this.#out, this.#in]) {
      if (connection === null) continue;
      connection.onconnectionstatechange = null;
      connection.onicecandidate = null;
      connection.close();
    }
    this.#out = this.#in = null;
  }

  /** Make the connection over which we send, and have the server make the other. */
  async #begin(): Promise<void> {
    this.#beginnings += 1;
    this.#part();
    this.#watch();
    if (!this.#sends) return this.#options.send({ type: "publish", path: this.name, sdp: null });
    const connection = (this.#out = this.#connect(true));
    for (const slot of SLOTS) {
      const { sender } = connection.addTransceiver(kindOf(slot), {
        direction: "sendonly",
        streams: [slot === "microphone" || slot === "camera" ? this.#stream.camera : this.#stream.screen],
        ...(slot === "camera" && { sendEncodings: LAYERS.map(({ rid, shrink }) => ({ rid, scaleResolutionDownBy: shrink })) }),
      });
      void sender.replaceTrack(this.#tracks[slot]).catch(() => undefined);
    }
    await this.#applyLimit();
    await this.#inStep(async () => {
      const held: RTCIceCandidate[] = [];
      connection.onicecandidate = ({ candidate }) => void (candidate && held.push(candidate));
      await connection.setLocalDescription();
      if (connection !== this.#out) return;
      this.#options.send({ type: "publish", path: this.name, sdp: connection.localDescription?.sdp ?? "" });
      connection.onicecandidate = ({ candidate }) => this.#sendCandidate(candidate, true);
      for (const candidate of held) this.#sendCandidate(candidate, true);
    });
  }

  async #subscribe({ sdp, is_new, tracks }: Subscription): Promise<void> {
    if (!this.#isOpen) return;
    if (is_new) {
      this.#in?.close();
      this.#in = this.#connect(false);
      this.#in.onicecandidate = ({ candidate }) => this.#sendCandidate(candidate, false);
    }
    const connection = this.#in;
    if (connection === null) return;
    await connection.setRemoteDescription({ type: "offer", sdp });
    await connection.setLocalDescription();
    if (connection !== this.#in) return;
    this.#options.send({ type: "subscribed", path: this.name, sdp: connection.localDescription?.sdp ?? "" });
    const before = this.people();
    this.#lines = tracks;
    this.#options.onChange([...new Set([...before, ...this.people()])]);
  }

  #connect(isOut: boolean): RTCPeerConnection {
    const connection = newConnection(this.#way);
    connection.onconnectionstatechange = () => {
      if (!isOut) this.#linkChanged(linkOf(connection.connectionState));
      this.#watch();
    };
    return connection;
  }

  #linkChanged(link: Link): void {
    if (link === this.link) return;
    this.link = link;
    this.#options.onChange([...this.people()]);
  }

  #states(): RTCPeerConnectionState[] {
    return [this.#out, this.#in].flatMap((connection) => connection?.connectionState ?? []);
  }

  /** Begin anew when a connection has been down for too long. */
  #watch(): void {
    clearTimeout(this.#timer);
    const broken = this.#states().filter((state) => state !== "connected");
    const [worst] = broken.includes("failed") ? ["failed" as const] : broken;
    if (worst === undefined) {
      this.#beginnings = 0;
      return;
    }
    this.#timer = setTimeout(() => this.mend(), patience(worst, false, this.#beginnings));
  }

  #sendCandidate(candidate: RTCIceCandidate | null, publishes: boolean): void {
    if (candidate === null) return;
    const message: PathCandidate = {
      type: "path-candidate",
      path: this.name,
      publishes,
      candidate: candidate.candidate,
      sdp_mid: candidate.sdpMid,
      sdp_m_line_index: candidate.sdpMLineIndex,
    };
    this.#options.send(message);
  }

  /** The sound goes first; the picture takes what its step allows. */
  async #applyLimit(): Promise<void> {
    const active = sentLayers(this.#step, this.#several);
    await this.#setEncodings("microphone", () => ({ priority: "high", networkPriority: "high" }));
    await this.#setEncodings("camera", (index) => {
      const { shrink, bitrate, frames } = LAYERS[index] ?? LAYERS[0];
      return { active: active[index] ?? false, scaleResolutionDownBy: shrink, maxBitrate: bitrate, maxFramerate: frames };
    });
  }

  async #setEncodings(slot: Slot, change: (index: number) => Partial<RTCRtpEncodingParameters>): Promise<void> {
    const sender = this.#sender(slot);
    const parameters = sender?.getParameters();
    if (sender === undefined || parameters === undefined) return;
    for (const [index, encoding] of parameters.encodings.entries()) Object.assign(encoding, change(index));
    await sender.setParameters(parameters).catch(() => undefined); // a browser that limits nothing sends everything
  }

  #sender(slot: Slot): RTCRtpSender | undefined {
    return this.#out?.getTransceivers()[SLOTS.indexOf(slot)]?.sender;
  }

  #receiver(sessionId: string, slot: Slot): RTCRtpReceiver | undefined {
    const line = this.#lines.find((each) => each.session_id === sessionId && each.slot === slot);
    if (line === undefined) return undefined;
    return this.#in?.getTransceivers().find(({ mid }) => mid === line.mid)?.receiver;
  }

  #inOrder(step: () => Promise<void>): void {
    void this.#inStep(step);
  }

  async #inStep(step: () => Promise<void>): Promise<void> {
    this.#inbox = this.#inbox.then(step).catch((error: unknown) => {
      if (this.#isOpen && !(error instanceof DOMException && error.name === "InvalidStateError")) console.error(error);
    });
    await this.#inbox;
  }
}

async function hasArrived(receiver: RTCRtpReceiver): Promise<boolean> {
  const field = receiver.track.kind === "video" ? "framesDecoded" : "packetsReceived";
  const reports: Record<string, unknown>[] = [...(await receiver.getStats()).values()];
  return reports.some((report) => report["type"] === "inbound-rtp" && Number(report[field] ?? 0) > 0);
}

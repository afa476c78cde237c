// The connections to everybody else in the call.

import type {
  Candidate,
  CandidateFrom,
  Description,
  DescriptionFrom,
  IceServer,
  Joined,
  ListenerJoined,
  ListenerView,
  ParticipantView,
  RecordingChanged,
  RecordingNotice,
} from "../protocol/messages.gen";
import { iceServer } from "./ice-server";
import { cameLater, type Link, SLOTS, type Slot, type Tracks } from "./negotiation";
import type { Step } from "./network";
import { mayReach } from "./permissions";
import { Peer } from "./peer";
import { newConnection, Spare, type Way } from "./spare";
import type { Look } from "./stats";

/** What we receive from another participant. */
export interface Remote {
  link: Link;
  /** Microphone, and camera while it is on. */
  camera: MediaStream;
  /** Shared screen and its sound. */
  screen: MediaStream;
}

export interface MeshOptions {
  send: (message: Description | Candidate) => void;
  /** False while nothing that we send would arrive. */
  reachable: () => boolean;
  onRemote: (sessionId: string, remote: Remote) => void;
}

/** Keeps one `Peer` for each other participant, as the server's messages tell of them. */
export class Mesh {
  readonly #options: MeshOptions;
  readonly #spare = new Spare();
  readonly #peers = new Map<string, Peer>();
  readonly #others = new Map<string, ParticipantView>();
  /** Recorders: they get what we send, and nobody sees them. False: not heard of since the server restarted. */
  readonly #listeners = new Map<string, boolean>();
  readonly #tracks: Tracks = { microphone: null, camera: null, screen: null, screenSound: null };
  #way: Way = {};
  #step: Step = 0;
  #me: ParticipantView | null = null;
  /** This page has no connections from before, though others may think that it has. */
  #isNew = true;
  /** A media server carries the call: we connect to nobody, but to whoever offers. */
  isCarried = false;

  constructor(options: MeshOptions) {
    this.#options = options;
  }

  /** We are about to enter: be ready to make an offer. */
  prepare(): void {
    if (this.#me === null) this.#spare.prepare();
  }

  /**
   * Follow `joined`. A page that is new to the call offers to everybody in it. One that was there before keeps
   * its connections, mends those that need it, and gets an offer from whoever came meanwhile.
   */
  enter(joined: Joined): void {
    this.#isNew = this.#me?.session_id !== joined.you.session_id;
    if (this.#isNew) this.keepOnly([]);
    this.#me = joined.you;
    this.#takeWay({
      iceServers: joined.ice_servers.map(iceServer),
      iceTransportPolicy: joined.room.relay_only ? "relay" : "all",
    });
    for (const other of joined.participants) this.add(other);
    this.#keepListeners(joined);
    this.#spare.close();
    if (!this.#isNew) this.mend();
    this.#isNew &&= joined.settling_seconds > 0;
  }

  /** Follow `participant-joined`: expect their offer, or make ours to somebody who was there before us. */
  add(participant: ParticipantView): void {
    const { session_id: sessionId } = participant;
    this.update(participant);
    if (this.#me === null || this.#peers.has(sessionId) || this.isCarried) return;
    if (this.#isNew || cameLater(this.#me, participant)) this.#call(sessionId);
    else this.#connect(sessionId);
  }

  /** Follow `ice-servers`: the passwords of before run out, also for connections that must look for a way again. */
  renew(iceServers: IceServer[]): void {
    this.#takeWay({ ...this.#way, iceServers: iceServers.map(iceServer) });
  }

  #takeWay(way: Way): void {
    this.#way = way;
    for (const peer of this.#peers.values()) peer.goBy(way);
  }

  /** Keep the connections to these, and no others. */
  keepOnly(sessionIds: Iterable<string>): void {
    const kept = new Set([...sessionIds, ...this.#listeners.keys()]);
    for (const sessionId of [...this.#others.keys()]) if (!kept.has(sessionId)) this.remove(sessionId);
  }

  /** People have come back to a restarted server; whoever comes from now on is new, and offers. */
  settle(): void {
    this.#isNew = false;
    for (const [sessionId, isThere] of this.#listeners) if (!isThere) this.remove(sessionId);
  }

  /** A recorder is connected to like a participant who sends nothing. */
  #addListener({ session_id, joined_at }: ListenerView): void {
    this.#listeners.set(session_id, true);
    this.add({ ...NOBODY, session_id, joined_at });
  }

  /** Without consent nothing is sent to a recorder, even while the server does not know of it yet. */
  #obey({ consent }: RecordingNotice): void {
    if (consent === null || consent.answer === "agreed") return;
    for (const sessionId of [...this.#listeners.keys()]) this.remove(sessionId);
  }

  #keepListeners({ listeners, settling_seconds, recording }: Joined): void {
    const here = new Set(listeners.map(({ session_id }) => session_id));
    for (const sessionId of this.#listeners.keys()) {
      if (settling_seconds > 0) this.#listeners.set(sessionId, false);
      else if (!here.has(sessionId)) this.remove(sessionId);
    }
    for (const listener of listeners) this.#addListener(listener);
    this.#obey(recording);
  }

  update(participant: ParticipantView): void {
    this.#others.set(participant.session_id, participant);
    this.#permit(participant);
  }

  /** We may send or receive something else now. */
  updateMe(me: ParticipantView): void {
    this.#me = me;
    for (const other of this.#others.values()) this.#permit(other);
  }

  remove(sessionId: string): void {
    this.#peers.get(sessionId)?.close();
    this.#peers.delete(sessionId);
    this.#others.delete(sessionId);
    this.#listeners.delete(sessionId);
  }

  /** Follow what comes from one other side. */
  take(message: DescriptionFrom | CandidateFrom | ListenerJoined | RecordingChanged): void {
    if (message.type === "listener-joined") this.#addListener(message.listener);
    else if (message.type === "recording-changed") this.#obey(message.recording);
    else if (message.type === "description-from") this.#takeDescription(message);
    else this.#peers.get(message.sender)?.takeCandidate(message);
  }

  #takeDescription(message: DescriptionFrom): void {
    let peer = this.#peers.get(message.sender);
    const verdict = peer?.judge(message.kind, message.sdp);
    if (verdict === "ignore") return;
    if (peer === undefined || verdict === "start-over") {
      if (!this.#others.has(message.sender)) return;
      peer = this.#connect(message.sender);
      if (message.kind !== "offer") return peer.call();
    }
    peer.take(message.kind, message.sdp);
  }

  /** No media server carries the call any more: connect to everybody, also to recorders that came later. */
  connectAll(): void {
    this.isCarried = false;
    for (const other of this.#others.values()) {
      if (this.#listeners.has(other.session_id)) this.#call(other.session_id);
      else this.add(other);
    }
  }

  /** Somebody is reached over a media server: our own connection is not needed. */
  over(sessionId: string): void {
    this.#peers.get(sessionId)?.close();
    this.#peers.delete(sessionId);
  }

  get me(): ParticipantView | null {
    return this.#me;
  }

  /** What we send. */
  get tracks(): Readonly<Tracks> {
    return this.#tracks;
  }

  /** Everybody else in the call. */
  people(): ParticipantView[] {
    return [...this.#others.values()].filter(({ session_id }) => !this.#listeners.has(session_id));
  }

  other(sessionId: string): ParticipantView | undefined {
    return this.#others.get(sessionId);
  }

  /** Send this track to everybody from now on, or nothing. */
  setTrack(slot: Slot, track: MediaStreamTrack | null): void {
    this.#tracks[slot] = track;
    for (const [sessionId, peer] of this.#peers) peer.setTrack(slot, this.#tracksFor(sessionId)[slot]);
  }

  /** The network is back: repair what is broken, now. */
  mend(): void {
    for (const peer of [...this.#peers.values()]) peer.mend();
  }

  /** How loud each other participant is at this moment, from 0 to 1. */
  levels(): Record<string, number> {
    return Object.fromEntries([...this.#peers].map(([sessionId, peer]) => [sessionId, peer.level()]));
  }

  /** Measure every connection that stands. */
  async look(): Promise<Look[]> {
    const looks = await Promise.all([...this.#peers.values()].map((peer) => peer.look()));
    return looks.filter((look) => look !== null);
  }

  /** Send as much of the own picture as this step allows, to everybody. */
  limit(step: Step): void {
    this.#step = step;
    for (const peer of this.#peers.values()) peer.limit(step);
  }

  close(): void {
    this.keepOnly([]);
    this.#spare.close();
    this.#me = null;
  }

  #call(sessionId: string): void {
    this.#connect(sessionId, this.#spare.take(this.#way)).call();
  }

  #connect(sessionId: string, connection = newConnection(this.#way)): Peer {
    const other = this.#others.get(sessionId);
    if (this.#me === null || other === undefined) throw new Error(`${sessionId} is not in the call`);
    this.#peers.get(sessionId)?.close();
    const peer: Peer = new Peer({
      connection,
      later: cameLater(this.#me, other),
      tracks: this.#tracksFor(sessionId),
      media: other.media,
      step: this.#step,
      takes: this.#takenFrom(other),
      send: (message) => this.#options.send({ ...message, to: sessionId }),
      reachable: this.#options.reachable,
      onChange: () => this.#tell(sessionId, peer),
      onStuck: () => this.#connect(sessionId).call(),
    });
    this.#peers.set(sessionId, peer);
    this.#tell(sessionId, peer);
    return peer;
  }

  /** Hold both sides of a connection to what they may send and receive. */
  #permit(other: ParticipantView): void {
    const peer = this.#peers.get(other.session_id);
    if (peer === undefined) return;
    peer.setMedia(other.media, this.#takenFrom(other));
    const tracks = this.#tracksFor(other.session_id);
    for (const slot of SLOTS) peer.setTrack(slot, tracks[slot]);
  }

  #takenFrom(other: ParticipantView): Slot[] {
    const me = this.#me;
    return me === null ? [] : SLOTS.filter((slot) => mayReach(me, other, slot));
  }

  #tracksFor(sessionId: string): Tracks {
    const [me, other] = [this.#me, this.#others.get(sessionId)];
    const allowed = (slot: Slot): MediaStreamTrack | null =>
      me !== null && other !== undefined && mayReach(other, me, slot) ? this.#tracks[slot] : null;
    return {
      microphone: allowed("microphone"),
      camera: allowed("camera"),
      screen: allowed("screen"),
      screenSound: allowed("screenSound"),
    };
  }

  #tell(sessionId: string, { link, camera, screen }: Peer): void {
    if (!this.#listeners.has(sessionId)) this.#options.onRemote(sessionId, { link, camera, screen });
  }
}

const NOBODY = {
  user_id: null,
  user_name: "",
  is_owner: false,
  media: { audio: false, video: false, screen: false },
  connected: true,
  permissions: { has_presence: false, can_send: [], can_receive: { base: true }, can_admin: [] },
  user_data: null,
  will_eject_at: null,
};

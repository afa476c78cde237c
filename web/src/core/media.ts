// Where the media of the others comes from: straight from their browsers, or over a media server, and without a
// gap from the one to the other.

import type {
  CandidateFrom,
  DescriptionFrom,
  DirectOver,
  FromBrowser,
  IceServer,
  Joined,
  ListenerJoined,
  MediaServer,
  ParticipantView,
  Published,
  RecordingChanged,
  Subscription,
} from "../protocol/messages.gen";
import { iceServer } from "./ice-server";
import { type Layer, sendsLayers, wantedLayer } from "./layers";
import { Mesh, type Remote } from "./mesh";
import { SLOTS, type Slot } from "./negotiation";
import type { Step } from "./network";
import { maySend, mayReach } from "./permissions";
import { ServerPath } from "./server-path";
import type { Way } from "./spare";
import type { Look } from "./stats";
import { renewed, slotsOf } from "./streams";

/** How often it is looked whether somebody's media arrives over a new path; and from when on it is shown in any case. */
const CHECK_MS = 100;
const PATIENCE_MS = 8000;
/** How long a view may take to play a stream in place of another; what carried that one stays meanwhile. */
const EXCHANGE_MS = 10_000;

export type ForMedia =
  | DescriptionFrom
  | CandidateFrom
  | ListenerJoined
  | RecordingChanged
  | MediaServer
  | Published
  | Subscription
  | DirectOver;

export interface MediaOptions {
  send: (message: FromBrowser) => void;
  /** False while nothing that we send would arrive. */
  reachable: () => boolean;
  onRemote: (sessionId: string, remote: Remote) => void;
}

/** Somebody whose media comes over a server. */
interface Shown {
  path: ServerPath;
  camera: MediaStream;
  screen: MediaStream;
}

/** Keeps the connections to everybody else, as the server's messages tell of them. */
export class Media {
  readonly #options: MediaOptions;
  readonly #mesh: Mesh;
  /** The newest is where the server wants us; from older ones media still comes, until it comes from there. */
  #paths: ServerPath[] = [];
  readonly #shown = new Map<string, Shown>();
  readonly #direct = new Map<string, Remote>();
  readonly #heights = new Map<string, number>();
  readonly #pendingSince = new Map<string, number>();
  /** Whose media views still show as it came before, and over which path that was, if any. */
  readonly #exchanging = new Map<string, { before: ServerPath | undefined; timer: ReturnType<typeof setTimeout> }>();
  #wanted = "";
  #isWeak = false;
  /** The server knows of the newest path. */
  #isTold = false;
  #step: Step = 0;
  #way: Way = {};
  #check: ReturnType<typeof setInterval> | undefined;

  constructor(options: MediaOptions) {
    this.#options = options;
    this.#mesh = new Mesh({ ...options, onRemote: (sessionId, remote) => this.#fromBrowser(sessionId, remote) });
  }

  /** We are about to enter: be ready to make an offer. */
  prepare(): void {
    this.#mesh.prepare();
  }

  /** Follow `joined`. */
  enter(joined: Joined): void {
    // A restarted server does not know yet of the path that there is: it goes on meanwhile.
    const isKept = joined.path === null && joined.settling_seconds > 0 && this.#newest !== undefined;
    this.#way = { iceServers: joined.ice_servers.map(iceServer), iceTransportPolicy: joined.room.relay_only ? "relay" : "all" };
    this.#mesh.isCarried = joined.path !== null || isKept;
    this.#mesh.enter(joined);
    for (const path of this.#paths) path.goBy(this.#way);
    this.#isTold = joined.path !== null;
    if (!isKept) this.#goTo(joined.path);
    this.#newest?.mend();
  }

  add(participant: ParticipantView): void {
    this.#mesh.add(participant);
    this.#changed(participant.session_id);
  }

  update(participant: ParticipantView): void {
    this.#mesh.update(participant);
    this.#changed(participant.session_id);
  }

  updateMe(me: ParticipantView): void {
    this.#mesh.updateMe(me);
    this.#newest?.permit(this.#sends());
    for (const sessionId of this.#shown.keys()) this.#show(sessionId);
    this.#applyLimit();
  }

  remove(sessionId: string): void {
    this.#mesh.remove(sessionId);
    this.#forget(sessionId);
    this.#applyLimit();
  }

  /** Keep the connections to these, and no others. */
  keepOnly(sessionIds: Iterable<string>): void {
    const kept = [...sessionIds];
    this.#mesh.keepOnly(kept);
    for (const sessionId of [...this.#shown.keys()]) if (!kept.includes(sessionId)) this.#forget(sessionId);
  }

  /** People have come back to a restarted server. */
  settle(): void {
    this.#mesh.settle();
    if (this.#newest !== undefined && !this.#isTold) this.#goTo(null);
  }

  renew(iceServers: IceServer[]): void {
    this.#way = { ...this.#way, iceServers: iceServers.map(iceServer) };
    this.#mesh.renew(iceServers);
    for (const path of this.#paths) path.goBy(this.#way);
  }

  /** Follow what comes from one other side, or from a media server. */
  take(message: ForMedia): void {
    if (message.type === "media-server") this.#goTo(message.path);
    else if (message.type === "direct-over") this.#mesh.over(message.session_id);
    else if (message.type === "published" || message.type === "subscription") {
      this.#paths.find(({ name }) => name === message.path)?.take(message);
    } else this.#mesh.take(message);
  }

  /** Send this track to everybody from now on, or nothing. */
  setTrack(slot: Slot, track: MediaStreamTrack | null): void {
    this.#mesh.setTrack(slot, track);
    for (const path of this.#paths) path.setTrack(slot, track);
  }

  /** The network is back: repair what is broken, now. */
  mend(): void {
    this.#mesh.mend();
    this.#newest?.mend();
  }

  /** How loud each other participant is at this moment, from 0 to 1. */
  levels(): Record<string, number> {
    const levels = this.#mesh.levels();
    for (const [sessionId, { path }] of this.#shown) {
      levels[sessionId] = this.#mesh.other(sessionId)?.media.audio ? path.level(sessionId) : 0;
    }
    return levels;
  }

  /** Measure every connection that stands. */
  async look(): Promise<Look[]> {
    const looks = await Promise.all([this.#mesh.look(), ...this.#paths.slice(-1).map((path) => path.look())]);
    return looks.flat().filter((look) => look !== null);
  }

  /** Send as much of the own picture as this step allows, to everybody. */
  limit(step: Step): void {
    this.#step = step;
    this.#mesh.limit(step);
    this.#applyLimit();
  }

  /** Somebody's picture is shown so high now, in device pixels; where a server carries the call, it comes in that size. */
  shows(sessionId: string, height: number): void {
    this.#heights.set(sessionId, height);
    this.#wantLayers();
  }

  /** Others' packets get lost on the way to us: take smaller pictures. */
  takeLess(isWeak: boolean): void {
    this.#isWeak = isWeak;
    this.#wantLayers();
  }

  close(): void {
    clearInterval(this.#check);
    this.#check = undefined;
    for (const path of this.#paths) path.close();
    this.#paths = [];
    this.#mesh.isCarried = false;
    this.#mesh.close();
    for (const { timer } of this.#exchanging.values()) clearTimeout(timer);
    for (const map of [this.#shown, this.#direct, this.#heights, this.#pendingSince, this.#exchanging]) map.clear();
  }

  get #newest(): ServerPath | undefined {
    return this.#paths.at(-1);
  }

  /** The server wants everybody on this path; null: on connections of their own. */
  #goTo(name: string | null): void {
    this.#isTold = name !== null;
    if (name === null) {
      if (this.#mesh.isCarried) this.#mesh.connectAll();
      this.#tidy();
      return;
    }
    this.#mesh.isCarried = true;
    if (this.#newest?.name === name) return;
    this.#wanted = "";
    const path: ServerPath = new ServerPath({
      name,
      way: this.#way,
      sends: this.#sends(),
      tracks: this.#mesh.tracks,
      step: this.#step,
      several: this.#several(),
      send: this.#options.send,
      reachable: this.#options.reachable,
      onChange: (sessionIds) => this.#arrived(path, sessionIds),
    });
    this.#paths.push(path);
  }

  #fromBrowser(sessionId: string, remote: Remote): void {
    this.#direct.set(sessionId, remote);
    const shown = this.#shown.get(sessionId);
    if (shown !== undefined && (this.#mesh.isCarried || remote.link !== "connected")) return;
    this.#shown.delete(sessionId);
    this.#options.onRemote(sessionId, remote);
    if (shown !== undefined) this.#tidy();
  }

  #arrived(path: ServerPath, sessionIds: string[]): void {
    for (const sessionId of sessionIds) {
      const shown = this.#shown.get(sessionId);
      if (shown?.path === path) this.#show(sessionId);
      // Whoever was never seen has nothing that could go on meanwhile.
      else if (shown === undefined && !this.#direct.has(sessionId) && path.people().has(sessionId)) this.#switch(sessionId, path);
    }
    this.#checkSoon();
    this.#wantLayers();
  }

  #changed(sessionId: string): void {
    if (this.#paths.length === 0) return;
    if (this.#shown.has(sessionId)) this.#show(sessionId);
    else if (this.#newest?.people().has(sessionId)) this.#arrived(this.#newest, [sessionId]);
    this.#applyLimit();
    this.#checkSoon();
  }

  /** Those whose media should come over the newest path, and does not yet. */
  #pending(): string[] {
    const path = this.#newest;
    if (path === undefined || !this.#mesh.isCarried) return [];
    const isElsewhere = (sessionId: string) => this.#shown.get(sessionId)?.path !== path;
    return [...path.people()].filter((sessionId) => this.#mesh.other(sessionId) !== undefined && isElsewhere(sessionId));
  }

  #checkSoon(): void {
    if (this.#check === undefined && this.#pending().length > 0) this.#check = setInterval(() => void this.#checkAll(), CHECK_MS);
  }

  async #checkAll(): Promise<void> {
    const path = this.#newest;
    const pending = this.#pending();
    if (path === undefined || pending.length === 0) {
      clearInterval(this.#check);
      this.#check = undefined;
      return;
    }
    for (const sessionId of pending) {
      const media = this.#mesh.other(sessionId)?.media;
      if (media === undefined) continue;
      if (path.link === "connected" && !this.#pendingSince.has(sessionId)) this.#pendingSince.set(sessionId, performance.now());
      const isLate = performance.now() - (this.#pendingSince.get(sessionId) ?? Infinity) > PATIENCE_MS;
      if (isLate || (await path.flows(sessionId, media))) this.#switch(sessionId, path);
    }
  }

  #switch(sessionId: string, path: ServerPath): void {
    if (path !== this.#newest) return;
    this.#pendingSince.delete(sessionId);
    const before = this.#shown.get(sessionId)?.path;
    clearTimeout(this.#exchanging.get(sessionId)?.timer);
    this.#exchanging.set(sessionId, { before, timer: setTimeout(() => this.plays(sessionId), EXCHANGE_MS) });
    this.#shown.set(sessionId, { path, camera: new MediaStream(), screen: new MediaStream() });
    this.#show(sessionId);
  }

  /** A view plays somebody's newest stream: what carried the one before may go. */
  plays(sessionId: string): void {
    const exchange = this.#exchanging.get(sessionId);
    if (exchange === undefined) return;
    clearTimeout(exchange.timer);
    this.#exchanging.delete(sessionId);
    const path = this.#shown.get(sessionId)?.path;
    if (path !== undefined) this.#options.send({ type: "receives", path: path.name, session_ids: [sessionId] });
    this.#tidy();
  }

  #show(sessionId: string): void {
    const shown = this.#shown.get(sessionId);
    const [me, other] = [this.#mesh.me, this.#mesh.other(sessionId)];
    if (shown === undefined || me === null || other === undefined) return;
    const tracks = (slots: Slot[]) =>
      slots.filter((slot) => mayReach(me, other, slot)).flatMap((slot) => shown.path.track(sessionId, slot) ?? []);
    const { camera, screen } = slotsOf(other.media);
    shown.camera = renewed(shown.camera, tracks(camera));
    shown.screen = renewed(shown.screen, tracks(screen));
    this.#options.onRemote(sessionId, { link: shown.path.link, camera: shown.camera, screen: shown.screen });
  }

  /** Close paths from which nothing comes any more. */
  #tidy(): void {
    const used = new Set([...this.#shown.values()].map(({ path }) => path));
    for (const { before } of this.#exchanging.values()) if (before !== undefined) used.add(before);
    const isNeeded = (path: ServerPath) => used.has(path) || (this.#mesh.isCarried && path === this.#newest);
    for (const path of this.#paths) if (!isNeeded(path)) path.close();
    this.#paths = this.#paths.filter(isNeeded);
  }

  #forget(sessionId: string): void {
    clearTimeout(this.#exchanging.get(sessionId)?.timer);
    for (const map of [this.#shown, this.#direct, this.#heights, this.#pendingSince, this.#exchanging]) map.delete(sessionId);
    this.#tidy();
  }

  #sends(): boolean {
    const me = this.#mesh.me;
    return me !== null && SLOTS.some((slot) => maySend(me.permissions, slot));
  }

  #several(): boolean {
    const others = this.#mesh.people().filter(({ media }) => media.video).length;
    return sendsLayers(others + (this.#mesh.tracks.camera === null ? 0 : 1));
  }

  #applyLimit(): void {
    this.#newest?.limit(this.#step, this.#several());
  }

  #wantLayers(): void {
    const path = this.#newest;
    if (path === undefined) return;
    const people = [...path.people()].filter((sessionId) => this.#heights.has(sessionId));
    const layers: Record<string, Layer> = {};
    for (const sessionId of people) layers[sessionId] = wantedLayer(this.#heights.get(sessionId) ?? 0, this.#isWeak);
    const wanted = JSON.stringify(layers);
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#options.send({ type: "want-layers", path: path.name, layers });
  }
}

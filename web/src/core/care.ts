// Looks after a running call: who speaks, how the network is, and what to send less of when it is weak.

import { healthy, judge, type Network } from "./network";
import type { Media } from "./media";
import { hear, silence, type Speaking } from "./speaking";

const LISTEN_EVERY_MS = 250;
const LOOK_EVERY_MS = 2000;
/** Looks in a row after which a device counts as too slow. */
const BUSY_LOOKS = 8;

export interface CareOptions {
  media: Media;
  onSpeaking: (speaking: Speaking) => void;
  onNetwork: (network: Network) => void;
  /** The device has been too slow for its picture for a while; or it no longer is. */
  onBusy: (isBusy: boolean) => void;
}

export class Care {
  readonly #options: CareOptions;
  #speaking = silence;
  #network = healthy;
  #busyLooks = 0;
  #listening: ReturnType<typeof setInterval> | undefined;
  #looking: ReturnType<typeof setInterval> | undefined;

  constructor(options: CareOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#listening !== undefined) return;
    this.#listening = setInterval(() => this.#listen(), LISTEN_EVERY_MS);
    this.#looking = setInterval(() => void this.#look(), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#listening);
    clearInterval(this.#looking);
    this.#listening = this.#looking = undefined;
    this.#speaking = silence;
    this.#network = healthy;
    this.#busyLooks = 0;
  }

  #listen(): void {
    const before = this.#speaking;
    this.#speaking = hear(before, this.#options.media.levels(), performance.now());
    if (this.#speaking.now !== before.now || this.#speaking.active !== before.active) {
      this.#options.onSpeaking(this.#speaking);
    }
  }

  async #look(): Promise<void> {
    const looks = await this.#options.media.look();
    if (this.#looking === undefined) return;
    const before = this.#network;
    this.#network = judge(before, looks.map(({ sample }) => sample));
    if (this.#network.step !== before.step) this.#options.media.limit(this.#network.step);
    this.#options.media.takeLess(this.#network.isIncomingWeak);
    this.#options.onNetwork(this.#network);
    const wasBusy = this.#busyLooks >= BUSY_LOOKS;
    this.#busyLooks = looks.some(({ isBusy }) => isBusy) ? this.#busyLooks + 1 : 0;
    if (this.#busyLooks >= BUSY_LOOKS !== wasBusy) this.#options.onBusy(!wasBusy);
  }
}

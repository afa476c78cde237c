// What a call is begun with: the person's wishes, and the browser's parts.

import type { Situation } from "./device-failure";
import type { Input, Kind } from "./devices";
import type { TabMemory } from "./tab-memory";

export interface CallOptions {
  room: string;
  /** Address of the signalling WebSocket. */
  signallingUrl: string;
  /** The name to enter with, unless the token gives another. */
  userName: string;
  /** The language that the address wishes; null for the room's. */
  lang: string | null;
  /** A page around this one begins and ends the visits: this one never begins anew by itself. */
  isDriven: boolean;
  memory: TabMemory;
  chosenDevices: Record<Kind, string>;
  media: MediaDevices | undefined;
  situationOf: (feature: Input | "display-capture") => Promise<Situation>;
  connect: (url: string) => WebSocket;
}

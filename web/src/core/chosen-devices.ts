// Which camera, microphone and speaker a person prefers, for the next visit with this browser.

import type { Kind } from "./devices";
import type { TabStorage } from "./tab-memory";

const KEY = "vestibule:devices";

const browserChoice: Record<Kind, string> = { microphone: "", camera: "", speaker: "" };

/** The remembered ids; the empty id is the browser's own choice. */
export function readChosen(storage: TabStorage): Record<Kind, string> {
  return { ...browserChoice, ...(JSON.parse(storage.getItem(KEY) ?? "{}") as Partial<Record<Kind, string>>) };
}

export function keepChosen(storage: TabStorage, chosen: Record<Kind, string>): void {
  storage.setItem(KEY, JSON.stringify(chosen));
}

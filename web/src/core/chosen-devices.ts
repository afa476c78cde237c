// Which camera, microphone and speaker a person prefers, for the next visit with this browser.

import type { Choice, Kind } from "./devices";
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

/** What the browser names beside real devices: whatever the system prefers at the moment. */
const STAND_INS = ["default", "communications"];

/**
 * Kind, id and name of the devices that were plugged in between two lists, the first of each kind. Nothing while the
 * first list is empty: then the person had not permitted devices yet.
 */
export function arrivals(now: Record<Kind, Choice[]>, before: Record<Kind, Choice[]>): [Kind, string, string][] {
  return (["microphone", "camera", "speaker"] as const).flatMap((kind): [Kind, string, string][] => {
    if (before[kind].length === 0) return [];
    const known = new Set([...before[kind].map(({ id }) => id), ...STAND_INS]);
    const added = now[kind].find(({ id, label }) => !known.has(id) && label !== "");
    return added === undefined ? [] : [[kind, added.id, added.label]];
  });
}

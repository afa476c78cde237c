// What stands on the browser's tab.

import type { State } from "../core/state";
import type { KeptAppointment } from "../core/tab-memory";
import type { CallKey } from "../ui/messages/en/call";
import type { Say } from "../ui/messages/say";
import { callName, subjectOf } from "./names";

/** The title says the state first, because tabs are narrow. */
export function titleOf(state: State, room: string, appointment: KeptAppointment | null, say: Say<CallKey>): string {
  const { stage } = state;
  if (stage.name === "call") return callName(state, room, appointment, say);
  if (stage.name === "loading") return say("loading");
  if (stage.name === "refused") return say(`refused.${stage.reason}`);
  const key = stage.name === "ended" ? (`ended.${stage.reason}` as const) : stage.name === "left" ? "ended.left" : stage.name;
  return [say(key), subjectOf(state, room, appointment)].filter((part) => part !== "").join(" · ");
}

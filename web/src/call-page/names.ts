// What a call is called. Only hosts see the technical name of a room; it says nothing to anybody else.

import type { State } from "../core/state";
import type { KeptAppointment } from "../core/tab-memory";
import type { CallKey } from "../ui/messages/en/call";
import type { Say } from "../ui/messages/say";

/** Whom or what the call is about, as a few words after a title; empty if nothing is known that says something. */
export function subjectOf({ stage, you }: State, room: string, appointment: KeptAppointment | null): string {
  if (appointment !== null) return appointment.other;
  if (stage.name === "call" ? stage.you.is_owner : you?.is_owner === true) return room;
  const [other] = stage.name === "call" ? stage.others : [];
  return other?.user_name ?? "";
}

/** The call's heading. */
export function callName(state: State, room: string, appointment: KeptAppointment | null, say: Say<CallKey>): string {
  const subject = subjectOf(state, room, appointment);
  if (subject === "") return say("call.plain");
  return subject === room ? say("call", { room }) : say("call.with", { name: subject });
}

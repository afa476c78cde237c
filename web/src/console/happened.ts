// Audit events in words: who did what, and what else is known of it.

import { say } from "./say";

export type AuditEvent = {
  readonly sequence: number;
  readonly at: string;
  readonly event: string;
  readonly actor: string;
  readonly appointment_id: number | null;
  readonly details: Readonly<Record<string, unknown>>;
};

const EVENTS = [
  "appointment.created",
  "appointment.moved",
  "appointment.deleted",
  "videocall.room_created",
  "videocall.room_found",
  "videocall.room_updated",
  "videocall.room_deleted",
  "videocall.token_generated",
  "videocall.recording_started",
  "videocall.recording_stopped",
  "videocall.recording_ready",
  "videocall.recording_opened",
  "videocall.recording_deleted",
  "error_reports.handled",
] as const;

/** What happened; an event that has no words yet by its own name. */
export function what({ event, details }: AuditEvent): string {
  const known = EVENTS.find((each) => each === event);
  if (known === undefined) return event;
  if (known === "appointment.moved") return say("event.appointment.moved", { move: text(details.move) });
  if (known === "videocall.token_generated") return say(`event.${known}`, { role: text(details.role) });
  return say(`event.${known}`);
}

/** Who did it. */
export function who(actor: string): string {
  const [kind = "", ...rest] = actor.split(":");
  const name = rest.join(":");
  switch (kind) {
    case "token":
      return say("who.program", { name });
    case "user":
      return name;
    case "specialist":
      return say("who.specialist");
    case "patient":
      return say("who.patient");
    default:
      return actor;
  }
}

const SAID_ALREADY = new Set(["move", "role", "specialist_id", "patient_id"]);

/** What else is known, such as the reason that was given: one text for each detail that has a value. */
export function details(event: AuditEvent): string[] {
  const shown = Object.entries(event.details).filter(
    ([name, value]) => value !== null && value !== "" && !SAID_ALREADY.has(name),
  );
  return shown.map(([name, value]) => `${name.replaceAll("_", " ")}: ${detail(name, value)}`);
}

function detail(name: string, value: unknown): string {
  if (name === "exp" && typeof value === "number") return moment(new Date(value * 1000));
  const isTime = typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value);
  return isTime ? moment(new Date(value)) : text(value);
}

function moment(at: Date): string {
  const language = typeof navigator === "undefined" ? "en" : navigator.language;
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(at);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

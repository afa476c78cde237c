// Audit events in words: who did what, and what else is known of it.

import { locale, say } from "./say";
import { STATUSES } from "./api";

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
  "appointment.deleted",
  "videocall.room_created",
  "videocall.room_found",
  "videocall.room_updated",
  "videocall.room_prolonged",
  "videocall.room_deleted",
  "videocall.recording_started",
  "videocall.recording_stopped",
  "videocall.recording_ready",
  "videocall.recording_failed",
  "api_key.set",
  "api_key.deleted",
  "videocall.recording_opened",
  "videocall.recording_deleted",
  "organization.changed",
  "person.added",
  "person.changed",
  "error_reports.handled",
] as const;

const MOVES = ["onboard", "confirm", "start", "complete", "cancel", "no-show", "reschedule", "reinstate"] as const;
const PEOPLE = ["specialist", "patient"] as const;

/** What happened; an event that has no words yet by its own name. */
export function what({ event, details }: AuditEvent): string {
  const move = event === "appointment.moved" && MOVES.find((each) => each === details.move);
  if (move) return say(`move.${move}`);
  const person = event === "videocall.token_generated" && PEOPLE.find((each) => each === details.role);
  if (person) return say(`event.videocall.token_generated.${person}`);
  const known = EVENTS.find((each) => each === event);
  return known === undefined ? event : say(`event.${known}`);
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
    case "vestibule":
      return say("who.vestibule");
    case "room provider":
      return say("who.provider");
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
  return shown.map(([name, value]) => `${label(name)}: ${detail(name, value)}`);
}

const DETAILS = [
  "status",
  "old",
  "new",
  "reason",
  "started_at",
  "ended_at",
  "room_name",
  "exp",
  "code",
  "count",
  "base_url",
  "recording_id",
  "keep_days",
  "started_by",
  "duration_seconds",
  "at",
] as const;
const REASONS = ["cancel", "noshow", "complete", "delete", "expired", "orphan", "retention", "provider"] as const;

function label(name: string): string {
  const known = DETAILS.find((each) => each === name);
  return known === undefined ? name.replaceAll("_", " ") : say(`detail.${known}`);
}

function detail(name: string, value: unknown): string {
  const status = STATUSES.find((each) => each === value);
  if (status && ["status", "old", "new"].includes(name)) return say(`status.${status}`);
  const reason = name === "reason" && REASONS.find((each) => each === value);
  if (reason) return say(`reason.${reason}`);
  if (name === "exp" && typeof value === "number") return moment(new Date(value * 1000));
  const isTime = typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value);
  return isTime ? moment(new Date(value)) : text(value);
}

function moment(at: Date): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(at);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

// The console's questions to the server.

import { ask, type Answer } from "../core/server";
import { bounds, type Day } from "./day";

export type Session = {
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
  /** The places where the person has a role: `organization:<id>` or `domain:<id>`. */
  readonly memberships: readonly { readonly scope: string }[];
};

export type Domain = { readonly id: string; readonly name: string; readonly address: string };

export type Organization = {
  readonly id: number;
  readonly name: string;
  /** What the person is there: "admin" or "staff". */
  readonly role: string;
};

export const STATUSES = [
  "booked",
  "upcoming",
  "confirmed",
  "inprogress",
  "completed",
  "cancelled",
  "noshow",
] as const;

export const ROOM_STATES = ["ready", "pending", "none", "removing"] as const;

export type Appointment = {
  readonly id: number;
  readonly status: (typeof STATUSES)[number];
  readonly started_at: string;
  readonly ended_at: string;
  readonly specialist_name: string;
  readonly patient_name: string;
  readonly specialist_url: string;
  readonly patient_url: string;
  readonly room: { readonly state: (typeof ROOM_STATES)[number]; readonly problem: string | null };
};

/** The appointments of a day, in the order of their start; `total_count` counts also those not shown. */
export type DayOfAppointments = {
  readonly total_count: number;
  readonly appointments: readonly Appointment[];
};

/** Somebody who waits to be let into an appointment's call. */
export type Knock = {
  readonly appointment_id: number;
  readonly name: string;
  readonly since: string;
  readonly started_at: string;
  readonly specialist_name: string;
  readonly specialist_url: string;
};

export async function knocks(organization: number): Promise<Answer<readonly Knock[]>> {
  const answer = await ask<{ waiting: Knock[] }>(`organizations/${organization}/knocks`);
  return "value" in answer ? { value: answer.value.waiting } : answer;
}

/** The name of the provider whose accounts open the console too; null if there is none. */
export async function elsewhere(): Promise<string | null> {
  const answer = await ask<{ name: string | null }>("oidc");
  return "value" in answer ? answer.value.name : null;
}

export const ELSEWHERE = "/console/api/oidc/start";

export function session(): Promise<Answer<Session>> {
  return ask("session");
}

export function signIn(email: string, password: string): Promise<Answer<Session>> {
  return ask("sign-in", { email, password });
}

export function signOut(): Promise<Answer<unknown>> {
  return ask("sign-out", {});
}

export async function organizations(): Promise<Answer<readonly Organization[]>> {
  const answer = await ask<{ organizations: Organization[] }>("organizations");
  return "value" in answer ? { value: answer.value.organizations } : answer;
}

export async function domains(): Promise<Answer<readonly Domain[]>> {
  const answer = await ask<{ domains: Domain[] }>("domains");
  return "value" in answer ? { value: answer.value.domains } : answer;
}

export function appointments(organization: number, day: Day): Promise<Answer<DayOfAppointments>> {
  const { from, before } = bounds(day);
  const span = new URLSearchParams({ from: from.toISOString(), to: before.toISOString() });
  return ask(`organizations/${organization}/appointments?${span}`);
}

export function retryRoom(organization: number, appointment: number): Promise<Answer<Appointment>> {
  return ask(`organizations/${organization}/appointments/${appointment}/retry-room`, {});
}

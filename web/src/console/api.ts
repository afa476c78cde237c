// The console's questions to the server.

import { bounds, type Day } from "./day";

export type Session = {
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
};

export type Organization = { readonly id: number; readonly name: string };

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

/** Why there is no answer. */
export type Problem =
  | { readonly kind: "signed-out" }
  | { readonly kind: "locked"; readonly seconds: number }
  | { readonly kind: "unreachable" }
  | { readonly kind: "refused"; readonly info: string };

/** The appointments of a day, in the order of their start; `total_count` counts also those not shown. */
export type DayOfAppointments = {
  readonly total_count: number;
  readonly appointments: readonly Appointment[];
};

export type Answer<Value> = { readonly value: Value } | { readonly problem: Problem };

const PATIENCE = 15_000;

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

export function appointments(organization: number, day: Day): Promise<Answer<DayOfAppointments>> {
  const { from, before } = bounds(day);
  const span = new URLSearchParams({ from: from.toISOString(), to: before.toISOString() });
  return ask(`organizations/${organization}/appointments?${span}`);
}

export function retryRoom(organization: number, appointment: number): Promise<Answer<Appointment>> {
  return ask(`organizations/${organization}/appointments/${appointment}/retry-room`, {});
}

async function ask<Value>(path: string, body?: object): Promise<Answer<Value>> {
  try {
    const answer = await fetch(`/console/api/${path}`, {
      ...(body && {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.ok) return { value: (await answer.json()) as Value };
    return { problem: await problemOf(answer) };
  } catch {
    return { problem: { kind: "unreachable" } };
  }
}

async function problemOf(answer: Response): Promise<Problem> {
  if (answer.status === 401) return { kind: "signed-out" };
  if (answer.status === 429) {
    return { kind: "locked", seconds: Number(answer.headers.get("Retry-After")) || 60 };
  }
  if (answer.status >= 500) return { kind: "unreachable" };
  const { info } = (await answer.json()) as { info?: string };
  return { kind: "refused", info: info ?? String(answer.status) };
}

// What the join page shows for what is known. Pure; the component only draws it.

import type { JoinKey } from "../ui/messages/en/join";
import type { Values } from "../ui/messages/say";
import type { Appointment } from "./appointment";
import type { Page } from "./page";

export type Tone = "calm" | "good" | "warning" | "danger";

export type Text = { readonly key: JoinKey; readonly values?: Values };

export type View = {
  readonly tone: Tone;
  readonly status: JoinKey;
  readonly hint: JoinKey | null;
  /** When the room opens, in milliseconds of this device's clock, while it is not open. */
  readonly opensAt: number | null;
  readonly button: "none" | "ready" | "busy";
  readonly failure: Failure | null;
  readonly connection: "offline" | "unreachable" | null;
};

export type Failure = { readonly room: string | null };

/** What to show. */
export function view(page: Page): View {
  const connection = page.connection === "fine" ? null : page.connection;
  if (page.link === "loading") return { ...NOTHING, status: "loading", connection };
  if (page.link === "wrong") {
    return { ...NOTHING, tone: "danger", status: "wrong", hint: "wrong.hint", connection };
  }
  return { ...appointmentView(page.link, page.clockAhead), ...door(page), connection };
}

const NOTHING: Omit<View, "status"> = {
  tone: "calm",
  hint: null,
  opensAt: null,
  button: "none",
  failure: null,
  connection: null,
};

const TONES: Record<Appointment["state"], Tone> = {
  "not-scheduled": "calm",
  "not-open-yet": "calm",
  open: "good",
  pending: "warning",
  over: "calm",
  cancelled: "danger",
  "no-show": "danger",
};

function appointmentView(appointment: Appointment, clockAhead: number): View {
  const { state } = appointment;
  const opensAt = state === "not-open-yet" ? Date.parse(appointment.opens_at) - clockAhead : null;
  return { ...NOTHING, tone: TONES[state], status: state, hint: `${state}.hint`, opensAt };
}

function door(page: Page): Pick<View, "button" | "failure"> {
  if (typeof page.link === "string" || page.link.state !== "open") {
    return { button: "none", failure: null };
  }
  if (page.entering === "busy") return { button: "busy", failure: null };
  return {
    button: "ready",
    failure: page.entering === "no" ? null : { room: page.entering.failed },
  };
}

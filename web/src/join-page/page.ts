// The join page as a value: what is known, and how each event changes it. No DOM, no network.

import type { Appointment } from "./appointment";

export type Page = {
  readonly link: "loading" | "wrong" | Appointment;
  /** Milliseconds that the server's clock is ahead of this device's. */
  readonly clockAhead: number;
  readonly connection: "fine" | "offline" | "unreachable";
  readonly entering: Entering;
};

export type Entering = "no" | "busy" | { readonly failed: string | null };

export type Event =
  | { readonly type: "told"; readonly appointment: Appointment; readonly at: number }
  | { readonly type: "wrong-link" }
  | { readonly type: "not-told"; readonly online: boolean }
  | { readonly type: "entering" }
  /** `room` is the plain address of the room, when the server could say it (A19). */
  | { readonly type: "enter-failed"; readonly room: string | null }
  | { readonly type: "came-back" };

export const FIRST: Page = { link: "loading", clockAhead: 0, connection: "fine", entering: "no" };

export function reduce(page: Page, event: Event): Page {
  switch (event.type) {
    case "told":
      return told(page, event.appointment, event.at);
    case "wrong-link":
      return { ...page, link: "wrong", connection: "fine" };
    case "not-told":
      return { ...page, connection: event.online ? "unreachable" : "offline" };
    case "entering":
      return { ...page, entering: "busy" };
    case "enter-failed":
      return { ...page, entering: { failed: event.room } };
    case "came-back":
      return { ...page, entering: "no" };
  }
}

function told(page: Page, appointment: Appointment, at: number): Page {
  return {
    link: appointment,
    clockAhead: Date.parse(appointment.now) - at,
    connection: "fine",
    // What went wrong at the door says nothing once the door is another one.
    entering: appointment.state === "open" ? page.entering : "no",
  };
}

const USUALLY = 15_000;
const SOONER = 5_000;

/** Milliseconds until the server is asked again: gently, at each turn of the appointment, sooner in need. */
export function nextLook(page: Page, at: number): number {
  if (page.connection !== "fine" || typeof page.link === "string") return SOONER;
  const { link, clockAhead } = page;
  const usual = link.state === "pending" ? SOONER : USUALLY;
  const turns = [link.opens_at, link.ended_at].map((turn) => Date.parse(turn) - (at + clockAhead));
  return Math.min(usual, ...turns.filter((left) => left > 0).map((left) => left + 50));
}

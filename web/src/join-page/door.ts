// Talks to the server about one link: what is true now, and the way in.

import type { Appointment } from "./appointment";
import type { Event } from "./page";

const PATIENCE = 10_000;

/** Ask what is true now. */
export async function look(link: string): Promise<Event> {
  let answer: Response;
  try {
    answer = await fetch(`${link}/state`, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 404) return { type: "wrong-link" };
    if (answer.ok) {
      const appointment = (await answer.json()) as Appointment;
      return { type: "told", appointment, at: Date.now() };
    }
  } catch {
    // Told below as not told: no connection, too slow, or cut off in the middle.
  }
  return { type: "not-told", online: navigator.onLine };
}

/** Ask to be let in; the address of the call, or what became of it. */
export async function enter(link: string): Promise<URL | Event | "look-again"> {
  try {
    const answer = await fetch(`${link}/enter`, { method: "POST", signal: AbortSignal.timeout(PATIENCE) });
    const body = (await answer.json()) as { url?: string; room_url?: string | null };
    const url = safe(body.url);
    if (answer.ok && url) return url;
    // Closed, cancelled or gone while the button still stood there: the page will say which.
    if (answer.status === 404 || answer.status === 409) return "look-again";
    return { type: "enter-failed", room: safe(body.room_url)?.href ?? null };
  } catch {
    return { type: "enter-failed", room: null };
  }
}

function safe(address: string | null | undefined): URL | null {
  if (!address || !URL.canParse(address)) return null;
  const url = new URL(address);
  return /^https?:$/.test(url.protocol) ? url : null;
}

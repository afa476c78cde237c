// The window around this one, spoken to in the protocol of Daily's iframes.

import type { Asked, Told } from "./daily";

const WHAT = "iframe-call-message";
const FIRST_WITH_CLIENT_ID = 67;

/** Where the host is, as the address of this page says. */
export interface HostAddress {
  /** Chosen by the host for this frame; every message carries it. */
  id: string;
  /** A claim: the browser drops our messages if it is wrong. */
  origin: string;
  /** How the host's version names the id. */
  idField: "callClientId" | "callFrameId";
}

/** The host that the query (`emb`, `embHref`, `dailyJsVersion`) names; null if nobody there drives this page. */
export function hostAddress(query: URLSearchParams): HostAddress | null {
  const id = query.get("emb");
  const origin = originOf(query.get("embHref"));
  if (!id || origin === null) return null;
  const [major, minor] = (query.get("dailyJsVersion") ?? "").split(".").map(Number);
  const isOld = major === 0 && minor !== undefined && minor < FIRST_WITH_CLIENT_ID;
  return { id, origin, idField: isOld ? "callFrameId" : "callClientId" };
}

function originOf(address: string | null): string | null {
  try {
    const { origin } = new URL(address ?? "");
    return origin === "null" ? null : origin;
  } catch {
    return null;
  }
}

/** What a message event of this window asks, if it comes from the host at this address and speaks the protocol. */
export function askedBy(event: MessageEvent, host: Window, { id, origin }: HostAddress): Asked | null {
  if (event.source !== host || event.origin !== origin) return null;
  const message = event.data as Partial<Record<string, unknown>> | null;
  if (typeof message !== "object" || message?.what !== WHAT || message.from !== "module") return null;
  if ((message.callClientId ?? message.callFrameId) !== id || typeof message.action !== "string") return null;
  return message as Asked;
}

/** Sends to the host, and hears it from the moment it is made. */
export class Host {
  readonly #window: Window;
  readonly #address: HostAddress;

  constructor(address: HostAddress, onAsked: (asked: Asked) => void) {
    this.#address = address;
    this.#window = window.parent;
    addEventListener("message", (event) => {
      const asked = askedBy(event, this.#window, address);
      if (asked !== null) onAsked(asked);
    });
  }

  tell(message: Told): void {
    const { id, idField, origin } = this.#address;
    this.#window.postMessage({ what: WHAT, from: "embedded", [idField]: id, ...message }, origin);
  }

  /** Settle what was asked, if the host waits for an answer. */
  answer({ action, callbackStamp }: Asked, answer: object): void {
    if (callbackStamp !== undefined) this.tell({ ...answer, action, callbackStamp });
  }
}

// Making a connection takes a browser a while: so one is ready before it is known who is there to be called.

import { kindOf, SLOTS } from "./negotiation";

/** The newest of what all connections are made with; what it costs to bundle is decided when they are made. */
const CONFIGURATION: RTCConfiguration = { bundlePolicy: "max-bundle" };

/** How connections get to the others: the servers that help, and whether only over a relay. */
export type Way = Pick<RTCConfiguration, "iceServers" | "iceTransportPolicy">;

/** At most one connection in stock, for whoever is called first. */
export class Spare {
  #connection: RTCPeerConnection | null = null;

  /** Make one ready, with everything in it that an offer holds, unless there is one; browsers load what they need for that. */
  prepare(): void {
    if (this.#connection !== null || !("RTCPeerConnection" in globalThis)) return;
    this.#connection = new RTCPeerConnection(CONFIGURATION);
    for (const slot of SLOTS) this.#connection.addTransceiver(kindOf(slot));
    void this.#connection.createOffer().catch(() => undefined);
  }

  /** The one in stock, or a new one. */
  take(way: Way): RTCPeerConnection {
    const connection = this.#connection;
    this.#connection = null;
    if (connection === null) return newConnection(way);
    goBy(connection, way);
    return connection;
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }
}

/** A connection with nothing in it, to take an offer. */
export function newConnection(way: Way): RTCPeerConnection {
  return new RTCPeerConnection({ ...CONFIGURATION, ...way });
}

/** From its next look for a way on, the connection takes this one. */
export function goBy(connection: RTCPeerConnection, way: Way): void {
  connection.setConfiguration({ ...CONFIGURATION, ...way });
}

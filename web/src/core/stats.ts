// Reads what a browser measures of one connection.

import type { Sample } from "./network";

/** What the browser counts; a look is the difference of two. */
export interface Counts {
  received: number;
  missing: number;
  /** Looks at this connection so far. */
  looks: number;
}

export const NOTHING_COUNTED: Counts = { received: 0, missing: 0, looks: 0 };

/** Each connection begins with a low belief in what it may send, and takes some looks to find out. */
const LOOKS_UNTIL_BELIEVED = 4;

export interface Look {
  sample: Sample;
  counts: Counts;
  /** The device is too slow for the picture that it sends. */
  isBusy: boolean;
}

type Report = Readonly<Record<string, unknown>>;

/** The measurement since the counts of the last look. */
export function lookAt(reports: Iterable<Report>, before: Counts): Look {
  const all = [...reports];
  const of = (type: string) => all.filter((report) => report["type"] === type);
  const inbound = of("inbound-rtp");
  const counts = { received: sum(inbound, "packetsReceived"), missing: sum(inbound, "packetsLost"), looks: before.looks + 1 };
  const received = counts.received - before.received;
  const missing = Math.max(0, counts.missing - before.missing);
  const remote = of("remote-inbound-rtp");
  const limits = of("outbound-rtp").map((report) => report["qualityLimitationReason"]);
  return {
    counts,
    isBusy: limits.includes("cpu"),
    sample: {
      lost: most(remote, "fractionLost"),
      lostIncoming: received + missing > 0 ? missing / (received + missing) : null,
      roundTrip: most(remote, "roundTripTime"),
      // The browser's belief means something only while it holds the picture back.
      available: counts.looks > LOOKS_UNTIL_BELIEVED && limits.includes("bandwidth") ? most(of("candidate-pair"), "availableOutgoingBitrate") : null,
    },
  };
}

function sum(reports: Report[], field: string): number {
  return reports.reduce((total, report) => total + number(report[field], 0), 0);
}

function most(reports: Report[], field: string): number | null {
  const values = reports.map((report) => report[field]).filter((value) => typeof value === "number");
  return values.length > 0 ? Math.max(...values) : null;
}

const number = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);

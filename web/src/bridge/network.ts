// How the network is, in Daily's terms: pure rules over what `core/network` has measured.

import type { Step } from "../core/network";
import type { View } from "../core/view";
import type { Told } from "./daily";

const qualities: Record<Step, [threshold: string, quality: number, state: string]> = {
  0: ["good", 100, "good"],
  1: ["low", 60, "warning"],
  2: ["low", 40, "warning"],
  3: ["very-low", 20, "bad"],
};

/** The event that says how good the network is at this step. */
export function networkQuality(step: Step): Told {
  const [threshold, quality, state] = qualities[step];
  const reasons = step === 0 ? [] : ["sendPacketLoss"];
  return { action: "network-quality-change", threshold, quality, state: { state, reasons } };
}

const NOT_MEASURED = [
  ...["recvBitsPerSecond", "sendBitsPerSecond", "videoRecvBitsPerSecond", "videoSendBitsPerSecond"],
  ...["audioRecvBitsPerSecond", "audioSendBitsPerSecond", "videoRecvPacketLoss", "videoSendPacketLoss"],
  ...["audioRecvPacketLoss", "audioSendPacketLoss", "videoRecvJitter", "videoSendJitter", "audioRecvJitter"],
  ...["audioSendJitter", "availableOutgoingBitrate"],
];

/** What `getNetworkStats` tells: the worst of all connections at the last look, and null for what is not measured. */
export function networkStatistics({ worst }: View["network"], now: number): object {
  return {
    latest: {
      timestamp: now,
      ...Object.fromEntries(NOT_MEASURED.map((name) => [name, null])),
      networkRoundTripTime: worst.roundTrip,
      totalSendPacketLoss: worst.lost,
      totalRecvPacketLoss: worst.lostIncoming,
    },
  };
}

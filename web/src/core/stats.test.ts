import { expect, test } from "vitest";
import { lookAt, NOTHING_COUNTED } from "./stats";

const none = NOTHING_COUNTED;
const known = { ...none, looks: 4 };

const inbound = (packetsReceived: number, packetsLost: number) => ({ type: "inbound-rtp", packetsReceived, packetsLost });

test("a browser that has not measured yet says nothing", () => {
  expect(lookAt([], none)).toEqual({
    counts: { ...none, looks: 1 },
    isBusy: false,
    sample: { lost: null, lostIncoming: null, roundTrip: null, available: null },
  });
});

test("loss is what was lost since the last look, of sound and picture together", () => {
  const { sample, counts } = lookAt([inbound(150, 10), inbound(350, 30)], { received: 400, missing: 15, looks: 1 });
  expect(sample.lostIncoming).toBe(25 / 125);
  expect(counts).toEqual({ received: 500, missing: 40, looks: 2 });
});

test("the other side's report says how we arrive; the worse counts", () => {
  const reports = [
    { type: "remote-inbound-rtp", fractionLost: 0.01, roundTripTime: 0.1 },
    { type: "remote-inbound-rtp", fractionLost: 0.2, roundTripTime: 0.05 },
  ];
  expect(lookAt(reports, none).sample).toMatchObject({ lost: 0.2, roundTrip: 0.1 });
});

test("what the browser believes to have counts only while it holds the picture back", () => {
  const pair = { type: "candidate-pair", availableOutgoingBitrate: 90_000 };
  const video = (qualityLimitationReason: string) => ({ type: "outbound-rtp", qualityLimitationReason });
  expect(lookAt([pair, video("none")], known).sample.available).toBeNull();
  expect(lookAt([pair, video("bandwidth")], known).sample.available).toBe(90_000);
  expect(lookAt([pair, video("cpu")], none).isBusy).toBe(true);
});

test("what a browser believes of a connection that has just begun is no measurement", () => {
  const pair = { type: "candidate-pair", availableOutgoingBitrate: 300_000 };
  const video = { type: "outbound-rtp", qualityLimitationReason: "bandwidth" };
  expect(lookAt([pair, video], none).sample.available).toBeNull();
});

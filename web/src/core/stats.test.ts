import { expect, test } from "vitest";
import { lookAt } from "./stats";

const none = { received: 0, missing: 0 };

const inbound = (packetsReceived: number, packetsLost: number) => ({ type: "inbound-rtp", packetsReceived, packetsLost });

test("a browser that has not measured yet says nothing", () => {
  expect(lookAt([], none)).toEqual({
    counts: none,
    isBusy: false,
    sample: { lost: null, lostIncoming: null, roundTrip: null, available: null },
  });
});

test("loss is what was lost since the last look, of sound and picture together", () => {
  const { sample, counts } = lookAt([inbound(150, 10), inbound(350, 30)], { received: 400, missing: 15 });
  expect(sample.lostIncoming).toBe(25 / 125);
  expect(counts).toEqual({ received: 500, missing: 40 });
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
  expect(lookAt([pair, video("none")], none).sample.available).toBeNull();
  expect(lookAt([pair, video("bandwidth")], none).sample.available).toBe(90_000);
  expect(lookAt([pair, video("cpu")], none).isBusy).toBe(true);
});

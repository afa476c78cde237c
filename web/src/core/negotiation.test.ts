import { expect, test } from "vitest";
import { cameLater, connectionId, linkOf, patience, reception, type Standing } from "./negotiation";
import { ada, ben, person } from "./testing/cast";

const calm: Standing = { yields: false, signalling: "stable", makingOffer: false, remoteConnection: null };

test("who entered later came later, and exactly one of two did", () => {
  expect(cameLater(ben, ada)).toBe(true);
  expect(cameLater(ada, ben)).toBe(false);
  const twin = person("Twin", { joined_at: ada.joined_at });
  expect(cameLater(twin, ada)).not.toBe(cameLater(ada, twin));
});

test("a connection is known by the id in its descriptions' o= line", () => {
  const sdp = "v=0\r\no=- 4611731400430051336 3 IN IP4 127.0.0.1\r\ns=-\r\n";
  expect(connectionId(sdp)).toBe("4611731400430051336");
});

test.each<[string, "offer" | "answer" | "rollback", string, Partial<Standing>, string]>([
  ["a first offer to a connection that waits for it", "offer", "1", {}, "take"],
  ["a renewed offer", "offer", "1", { remoteConnection: "1" }, "take"],
  ["an offer of a page that was loaded again", "offer", "2", { remoteConnection: "1" }, "start-over"],
  ["an answer to our offer", "answer", "1", { signalling: "have-local-offer" }, "take"],
  ["an answer that comes twice", "answer", "1", { remoteConnection: "1" }, "ignore"],
  ["an answer of a page that was loaded again", "answer", "2", { remoteConnection: "1" }, "start-over"],
  ["a rollback", "rollback", "1", { remoteConnection: "1", signalling: "have-remote-offer" }, "take"],
  ["colliding first offers, at who came first", "offer", "1", { signalling: "have-local-offer" }, "ignore"],
  ["colliding first offers, at who came later", "offer", "1", { signalling: "have-local-offer", yields: true }, "start-over"],
  [
    "colliding renewals, at who came first",
    "offer",
    "1",
    { signalling: "have-local-offer", remoteConnection: "1" },
    "ignore",
  ],
  [
    "colliding renewals, at who came later",
    "offer",
    "1",
    { signalling: "have-local-offer", remoteConnection: "1", yields: true },
    "take",
  ],
  ["an offer while ours is being made", "offer", "1", { makingOffer: true, remoteConnection: "1" }, "ignore"],
])("%s", (_, kind, connection, standing, verdict) => {
  expect(reception(kind, connection, { ...calm, ...standing })).toBe(verdict);
});

test.each<[RTCPeerConnectionState, string]>([
  ["new", "connecting"],
  ["connecting", "connecting"],
  ["connected", "connected"],
  ["disconnected", "interrupted"],
  ["failed", "interrupted"],
  ["closed", "interrupted"],
])("a connection that is %s counts as %s", (state, link) => {
  expect(linkOf(state)).toBe(link);
});

test("who came later mends first, and a failed connection at once", () => {
  expect(patience("failed", true, 0)).toBe(0);
  for (const state of ["connecting", "disconnected", "failed"] as const) {
    expect(patience(state, true, 0)).toBeLessThan(patience(state, false, 0));
  }
});

test("mending that did not help is not hurried", () => {
  expect(patience("failed", true, 1)).toBeGreaterThan(patience("failed", true, 0));
});

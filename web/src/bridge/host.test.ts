import { describe, expect, it } from "vitest";
import { askedBy, type HostAddress, hostAddress } from "./host";

describe("the address of a host", () => {
  const origin = "https://portal.example.org";
  const table: [string, HostAddress | null][] = [
    ["", null],
    ["emb=1.2", null],
    ["emb=1.2&embHref=nonsense", null],
    ["emb=1.2&embHref=data:text/html,x", null],
    [`embHref=${origin}`, null],
    [`emb=1.2&embHref=${encodeURIComponent(`${origin}/a?b`)}`, { id: "1.2", origin, idField: "callClientId" }],
    [`emb=1.2&embHref=${origin}&dailyJsVersion=0.49.1`, { id: "1.2", origin, idField: "callFrameId" }],
    [`emb=1.2&embHref=${origin}&dailyJsVersion=0.66.0`, { id: "1.2", origin, idField: "callFrameId" }],
    [`emb=1.2&embHref=${origin}&dailyJsVersion=0.67.0`, { id: "1.2", origin, idField: "callClientId" }],
    [`emb=1.2&embHref=${origin}&dailyJsVersion=1.0.0`, { id: "1.2", origin, idField: "callClientId" }],
  ];
  it.each(table)("is read from %s", (query, expected) => {
    expect(hostAddress(new URLSearchParams(query))).toEqual(expected);
  });
});

describe("a message", () => {
  const host = {} as Window;
  const address: HostAddress = { id: "1.2", origin: "https://portal.example.org", idField: "callClientId" };
  const asked = { what: "iframe-call-message", from: "module", action: "leave-meeting", callClientId: "1.2" };
  const event = (data: unknown, change: object = {}) =>
    ({ source: host, origin: address.origin, data, ...change }) as MessageEvent;

  it("of the host is taken, under either name of its id", () => {
    expect(askedBy(event(asked), host, address)).toEqual(asked);
    const { callClientId, ...rest } = asked;
    expect(askedBy(event({ ...rest, callFrameId: callClientId }), host, address)).not.toBeNull();
  });

  const table: [string, MessageEvent][] = [
    ["another window", event(asked, { source: {} })],
    ["another origin", event(asked, { origin: "https://evil.example" })],
    ["another frame's conversation", event({ ...asked, callClientId: "3.4" })],
    ["nobody in particular", event({ ...asked, callClientId: undefined })],
    ["a page in a frame, not around it", event({ ...asked, from: "embedded" })],
    ["another protocol", event({ ...asked, what: "hello" })],
    ["a host without a wish", event({ ...asked, action: 7 })],
    ["something that is no object", event("leave-meeting")],
    ["nothing", event(null)],
  ];
  it.each(table)("of %s is passed over", (_, message) => {
    expect(askedBy(message, host, address)).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import type { DeviceFailure } from "../core/device-failure";
import { type InputView, noDevices } from "../core/devices";
import type { Link } from "../core/negotiation";
import { ada, ben, guestRights, person } from "../core/testing/cast";
import type { Track } from "./daily";
import { other, own } from "./participants";

const playing = { subscribed: true, state: "playable" } as const;
const silent = { subscribed: true, state: "off", off: { byUser: true } } as const;

describe("somebody else", () => {
  const table: [string, Link, boolean, Track["state"]][] = [
    ["sends and arrives", "connected", true, "playable"],
    ["is being connected", "connecting", true, "loading"],
    ["is cut off", "interrupted", true, "interrupted"],
    ["has lost the server", "connected", false, "interrupted"],
  ];
  it.each(table)("who %s is shown so", (_, link, connected, state) => {
    const { tracks } = other(person("Ben", { connected }), link);
    expect(tracks.audio).toEqual({ subscribed: true, state });
    expect(tracks.screenVideo).toEqual(silent);
  });

  it("who is muted is off, in the old fields too", () => {
    const muted = other(person("Ben", { media: { audio: false, video: true, screen: true } }), "connected");
    expect(muted.tracks).toEqual({ audio: silent, video: playing, screenAudio: playing, screenVideo: playing });
    expect([muted.audio, muted.video, muted.screen]).toEqual([false, true, true]);
  });

  it("has a name, an id and a date that hosts can use", () => {
    expect(other(ada, "connected")).toMatchObject({
      session_id: "ada",
      user_id: "ada",
      user_name: "Ada",
      local: false,
      owner: true,
      joined_at: new Date(1_001_000),
      will_eject_at: new Date(0),
      record: false,
      permissions: { hasPresence: true, canSend: true, canReceive: { base: true }, canAdmin: false },
    });
    const ben = other(person("Ben", { user_id: "7", user_data: { role: "x" }, will_eject_at: 2000 }), "connected");
    expect(ben).toMatchObject({ user_id: "7", userData: { role: "x" }, will_eject_at: new Date(2_000_000) });
  });

  it("who may not send something is off for that reason", () => {
    const permissions = { ...guestRights, can_send: ["audio" as const] };
    const { tracks } = other(person("Ben", { permissions }), "connected");
    expect(tracks.audio).toEqual(playing);
    expect(tracks.video).toEqual({ subscribed: true, state: "off", off: { byCanSendPermission: true } });
  });
});

describe("the person at this page", () => {
  const track = {} as MediaStreamTrack;
  const input = (change: Partial<InputView>): InputView => ({ ...noDevices.camera, ...change });
  const blocked = (failure: DeviceFailure) => input({ wanted: true, failure });
  const table: [string, InputView, Track][] = [
    ["off", input({}), silent],
    ["off while muted", input({ track }), silent],
    ["on", input({ wanted: true, track }), playing],
    ["being opened", input({ wanted: true, opening: true }), { subscribed: true, state: "loading" }],
    ["blocked by the person", blocked("blocked"), { subscribed: true, state: "blocked", blocked: { byPermissions: true } }],
    ["blocked by the frame", blocked("frame"), { subscribed: true, state: "blocked", blocked: { byPermissions: true } }],
    ["missing", blocked("none-found"), { subscribed: true, state: "blocked", blocked: { byDeviceMissing: true } }],
    ["in use", blocked("in-use"), { subscribed: true, state: "blocked", blocked: { byDeviceInUse: true } }],
  ];
  it.each(table)("has a camera that is %s", (_, camera, expected) => {
    const { tracks, local, video } = own(ben, { ...noDevices, camera });
    expect(tracks.video).toEqual(expected);
    expect(local).toBe(true);
    expect(video).toBe(expected.state !== "off" && expected.state !== "blocked");
  });
});

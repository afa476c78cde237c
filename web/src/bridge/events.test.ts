import { describe, expect, it } from "vitest";
import { noDevices } from "../core/devices";
import { healthy } from "../core/network";
import { type Event, initialState, reduce, type State } from "../core/state";
import { ada, ben, cleo, joined, knock, welcome } from "../core/testing/cast";
import type { FromServer } from "../protocol/messages.gen";
import type { Told } from "./daily";
import { events } from "./events";

const message = (from: FromServer): Event => ({ type: "message", message: from });
const start = initialState("");
const welcomed = reduce(start, message(welcome()));
const inside = reduce(welcomed, message(joined(ada, [ben])));

/** What the host is told when this happens. */
function told(before: State, event: Event): Told[] {
  return events(reduce(before, event), before);
}

const actions = (before: State, event: Event): string[] => told(before, event).map(({ action }) => action);

describe("coming in", () => {
  it("tells everything that a host needs, the participants before the counts", () => {
    expect(actions(welcomed, message(joined(ada, [ben])))).toEqual([
      "call-machine-initialized",
      "access-state-updated",
      "meeting-session-summary-updated",
      "joined-meeting",
      "meeting-session-state-updated",
      "participant-counts-updated",
      "network-quality-change",
    ]);
    const [, access, , entered, , counted] = told(welcomed, message(joined(ada, [ben])));
    expect(access).toMatchObject({ access: { level: "full" } });
    expect(Object.keys(entered?.participants as object)).toEqual(["local", "ben"]);
    expect(counted).toMatchObject({ participantCounts: { present: 2, hidden: 0 } });
  });

  it("says when a media server begins to carry the call", () => {
    expect(told(inside, message({ type: "media-server", path: "one" }))).toEqual([
      { action: "meeting-session-state-updated", meetingSessionState: { topology: "sfu", data: undefined } },
    ]);
  });

  it("says that the person waits", () => {
    const waiting = { type: "waiting", session_id: "ada", resume: "t", owner_present: true } as const;
    expect(told(welcomed, message(waiting))).toEqual([
      { action: "access-state-updated", access: { level: "lobby" }, awaitingAccess: { level: "full" } },
    ]);
  });

  it("names who waits already", () => {
    expect(actions(welcomed, message(joined(ada, [], { knocks: [knock("Cleo")] })))).toContain(
      "waiting-participant-added",
    );
  });

  it("is told once: whoever comes back on a new line is still inside", () => {
    expect(actions(inside, message(joined({ ...ada }, [ben], { resumed: true })))).toEqual(["participant-updated"]);
  });
});

describe("in the call", () => {
  const table: [string, Event, string[]][] = [
    [
      "somebody comes",
      message({ type: "participant-joined", participant: cleo }),
      ["participant-joined", "participant-counts-updated"],
    ],
    [
      "somebody goes",
      message({ type: "participant-left", session_id: "ben" }),
      ["participant-left", "participant-counts-updated"],
    ],
    [
      "somebody is muted",
      message({ type: "participant-updated", participant: { ...ben, media: { ...ben.media, audio: false } } }),
      ["participant-updated"],
    ],
    ["somebody knocks", message({ type: "knock", knock: knock("Cleo") }), ["waiting-participant-added"]],
    [
      "somebody speaks",
      { type: "speaking", speaking: { heardAt: {}, now: ["ben"], active: { sessionId: "ben", since: 0 } } },
      ["active-speaker-change"],
    ],
    ["the person follows who speaks", { type: "prefer", preference: "speaker" }, ["active-speaker-mode-change"]],
    ["the person opens the chat", { type: "panel", panel: "chat" }, ["sidebar-view-changed"]],
    ["the network is weak", { type: "network", network: { ...healthy, step: 1 } }, ["network-quality-change"]],
    ["the line is lost", { type: "line", line: "lost" }, ["network-connection"]],
    ["nothing of interest happens", { type: "sound-blocked", blocked: true }, []],
    ["the person leaves", { type: "left" }, ["left-meeting"]],
    ["the person is sent out", message({ type: "ended", reason: "ejected", message: "" }), ["error", "left-meeting"]],
    ["the connection turns out broken", { type: "closed", code: 4400 }, ["error", "left-meeting"]],
    ["the microphone opens", { type: "devices", devices: { ...noDevices } }, ["participant-updated"]],
    [
      "the screen is shared",
      { type: "devices", devices: { ...noDevices, sharing: true } },
      ["participant-updated", "local-screen-share-started"],
    ],
    [
      "the camera is taken",
      { type: "devices", devices: { ...noDevices, camera: { ...noDevices.camera, wanted: true, failure: "in-use" } } },
      ["participant-updated", "camera-error"],
    ],
  ];
  it.each(table)("when %s", (_, event, expected) => {
    expect(actions(inside, event)).toEqual(expected);
  });

  it("says who went, as they were", () => {
    const [left] = told(inside, message({ type: "participant-left", session_id: "ben" }));
    expect(left?.participant).toMatchObject({ session_id: "ben", user_name: "Ben" });
  });

  it("says which device fails, and how", () => {
    const camera = { ...noDevices.camera, wanted: true, failure: "in-use" as const };
    const [, failed] = told(inside, { type: "devices", devices: { ...noDevices, camera } });
    expect(failed).toMatchObject({ error: { type: "cam-in-use" }, errorMsg: { videoOk: false } });
  });
});

describe("an end", () => {
  const refused = (reason: "exp-token" | "meeting-full" | "not-allowed") =>
    message({ type: "refused", reason, message: "", at: null, because: null });
  const ended = (reason: "denied" | "room-deleted" | "time-over") => message({ type: "ended", reason, message: "" });
  const table: [Event, string, string][] = [
    [refused("meeting-full"), "meeting-full", "Meeting is full"],
    [refused("not-allowed"), "not-allowed", "You are not allowed to join this meeting"],
    [refused("exp-token"), "exp-token", "Your meeting token has expired"],
    [ended("denied"), "not-allowed", "Join request rejected"],
    [ended("room-deleted"), "no-room", "Meeting has ended"],
    [ended("time-over"), "ejected", "Meeting has ended"],
  ];
  it.each(table)("%j is of type %s", (event, type, errorMsg) => {
    const [error, left] = told(welcomed, event);
    expect(error).toMatchObject({ action: "error", errorMsg, error: { type }, preserveIframe: true });
    expect(typeof (error?.error as { details: unknown }).details).toBe("string");
    expect(left).toEqual({ action: "left-meeting" });
  });
});

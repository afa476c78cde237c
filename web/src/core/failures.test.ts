import { describe, expect, test } from "vitest";
import { failuresBetween } from "./failures";
import { initialState, type Stage, type State } from "./state";

const START = initialState("Ben");
const LOBBY: Stage = { name: "lobby", ownerPresent: false };

function withFailure(input: "camera" | "microphone", failure: State["devices"]["camera"]["failure"]): State {
  const devices = { ...START.devices, [input]: { ...START.devices[input], failure } };
  return { ...START, devices };
}

describe("what is reported", () => {
  test.each([
    ["exp-token", "TOKEN_EXPIRED"],
    ["no-room", "ROOM_JOIN_FAILED"],
    ["not-allowed", "ROOM_JOIN_FAILED"],
  ] as const)("a door that says %s is %s", (reason, code) => {
    const refused = { ...START, stage: { name: "refused", reason, at: null, because: null } as const };
    expect(failuresBetween(START, refused)).toEqual([{ code, message: expect.stringContaining(reason) }]);
    expect(failuresBetween(refused, { ...refused, problem: null })).toEqual([]);
  });

  test("a camera that is taken, once", () => {
    const failed = withFailure("camera", "in-use");
    expect(failuresBetween(START, failed)).toEqual([
      { code: "MEDIA_DEVICE_ERROR", message: "The camera cannot be used: in-use" },
    ]);
    expect(failuresBetween(failed, { ...failed, userName: "B" })).toEqual([]);
  });

  test("nothing, when the person closed the browser's question", () => {
    expect(failuresBetween(START, withFailure("microphone", "dismissed"))).toEqual([]);
  });

  test.each([
    [LOBBY, "NETWORK_DISCONNECT"],
    [{ name: "loading" } as Stage, "ROOM_JOIN_FAILED"],
  ] as const)("a line that is lost in %o is %s", (stage, code) => {
    const before = { ...START, stage, line: "open" } as State;
    const lost = { ...before, line: "lost" } as State;
    expect(failuresBetween(before, lost).map((failure) => failure.code)).toEqual([code]);
    expect(failuresBetween(lost, { ...lost, userName: "B" })).toEqual([]);
  });

  test("nothing, when a page that nobody needs any more loses its line", () => {
    const before = { ...START, stage: { name: "left" }, line: "open" } as State;
    expect(failuresBetween(before, { ...before, line: "lost" } as State)).toEqual([]);
  });
});

import { expect, test } from "vitest";
import { initialState, reduce } from "../core/state";
import type { InCall } from "../core/state";
import { ada, ben, joined } from "../core/testing/cast";
import type { RecordingNotice } from "../protocol/messages.gen";
import { recordingEvents, recordingOptions } from "./recordings";

const view = { recording_id: "r", instance_id: "i", kind: "cloud" as const, layout: "default", started_at: 1 };

function callWith(recording: RecordingNotice): InCall {
  const { stage } = reduce(initialState(""), { type: "message", message: joined(ada, [ben], { recording }) });
  if (stage.name !== "call") throw new Error("not in the call");
  return stage;
}

const quiet = callWith({ recordings: [], consent: null });
const running = callWith({ recordings: [{ ...view, started_by: "ada" }], consent: null });

test("hosts are told when a recording begins and ends, also of one that goes on as we come", () => {
  const started = {
    action: "recording-started",
    local: true,
    recordingId: "r",
    startedBy: "ada",
    type: "cloud",
    layout: { preset: "default" },
    instanceId: "i",
  };

  expect(recordingEvents(running, quiet)).toEqual([started]);
  expect(recordingEvents(running, null)).toEqual([started]);
  expect(recordingEvents(running, running)).toEqual([]);
  expect(recordingEvents(quiet, running)).toEqual([{ action: "recording-stopped", instanceId: "i" }]);
});

test("hosts are told once why there is no recording", () => {
  const failed = { ...quiet, recordingFailure: "the disk is full" };

  expect(recordingEvents(failed, quiet)).toEqual([{ action: "recording-error", errorMsg: "the disk is full" }]);
  expect(recordingEvents(failed, failed)).toEqual([]);
});

test("only options of recordings are passed on", () => {
  expect(recordingOptions({ action: "local-recording-start", width: 640, layout: undefined, callbackStamp: "x" })).toEqual({
    width: 640,
  });
});

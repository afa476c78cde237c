// Recordings in the words of daily-js.

import type { InCall } from "../core/state";
import type { Told } from "./daily";

const OPTIONS = [
  ...["type", "layout", "instanceId", "width", "height", "fps", "videoBitrate", "audioBitrate"],
  ...["minIdleTimeOut", "maxDuration", "backgroundColor", "dataOutputs"],
];

/** The options of a recording among what a request says. */
export function recordingOptions(said: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(said).filter(([name, value]) => OPTIONS.includes(name) && value != null));
}

/** What hosts are told of recordings when the call changes; before null: we have just come into it. */
export function recordingEvents(after: InCall, before: InCall | null): Told[] {
  const then = before?.recording.recordings ?? [];
  const now = after.recording.recordings;
  const began = now.filter(({ recording_id: id }) => !then.some(({ recording_id }) => recording_id === id));
  const ended = then.filter(({ recording_id: id }) => !now.some(({ recording_id }) => recording_id === id));
  const failure = after.recordingFailure !== (before?.recordingFailure ?? null) ? after.recordingFailure : null;
  return [
    ...began.map((one) => ({
      action: "recording-started",
      local: one.started_by === after.you.session_id,
      recordingId: one.recording_id,
      startedBy: one.started_by ?? undefined,
      type: one.kind,
      layout: { preset: one.layout },
      instanceId: one.instance_id,
    })),
    ...ended.map(({ instance_id: instanceId }) => ({ action: "recording-stopped", instanceId })),
    ...(failure === null ? [] : [{ action: "recording-error", errorMsg: failure }]),
  ];
}

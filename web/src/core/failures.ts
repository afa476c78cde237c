// What a page reports when something fails for a person, and when it counts as failed. Nothing personal is in it.

import type { State } from "./state";

export type Failure = {
  readonly code: "ROOM_JOIN_FAILED" | "TOKEN_EXPIRED" | "MEDIA_DEVICE_ERROR" | "NETWORK_DISCONNECT";
  readonly message: string;
};

/** The failures that have begun between two states. */
export function failuresBetween(before: State, after: State): Failure[] {
  return [...doorFailures(before, after), ...deviceFailures(before, after), ...lineFailures(before, after)];
}

function doorFailures({ stage: before }: State, { stage }: State): Failure[] {
  if (stage === before) return [];
  if (stage.name === "ended" && stage.reason === "defect") {
    return [{ code: "ROOM_JOIN_FAILED", message: "The page and the server do not understand each other" }];
  }
  if (stage.name !== "refused") return [];
  const code = stage.reason === "exp-token" ? "TOKEN_EXPIRED" : "ROOM_JOIN_FAILED";
  return [{ code, message: `The room did not let the person in: ${stage.reason}` }];
}

function deviceFailures({ devices: before }: State, { devices: after }: State): Failure[] {
  return (["camera", "microphone"] as const).flatMap((input) => {
    const { failure } = after[input];
    if (failure === null || failure === before[input].failure || failure === "dismissed") return [];
    return [{ code: "MEDIA_DEVICE_ERROR", message: `The ${input} cannot be used: ${failure}` } as const];
  });
}

function lineFailures(before: State, after: State): Failure[] {
  if (after.line !== "lost" || before.line === "lost") return [];
  if (after.stage.name === "loading") {
    return [{ code: "ROOM_JOIN_FAILED", message: "The server did not answer" }];
  }
  if (after.stage.name !== "call" && after.stage.name !== "lobby") return [];
  return [{ code: "NETWORK_DISCONNECT", message: `The connection was lost in the ${after.stage.name}` }];
}

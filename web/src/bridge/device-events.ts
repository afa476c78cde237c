// What the host is told of camera, microphone and screen, and what it may list of them.

import type { DeviceFailure } from "../core/device-failure";
import type { DevicesView, Input, Kind } from "../core/devices";
import type { Told } from "./daily";

const media: Record<Input, "audio" | "video"> = { microphone: "audio", camera: "video" };

/** The messages that this change of the devices brings. */
export function deviceEvents(after: DevicesView, before: DevicesView): Told[] {
  return [
    ...failures(after, before),
    ...started(after, before),
    ...(after.chosen === before.chosen ? [] : [{ action: "selected-devices-updated", devices: selected(after) }]),
    ...sharing(after, before),
  ];
}

/** The devices in use, as `getInputDevices` and its companions answer. */
export function selected(devices: DevicesView): Record<"camera" | "mic" | "speaker", object> {
  return {
    camera: chosen(devices, "camera"),
    mic: chosen(devices, "microphone"),
    speaker: chosen(devices, "speaker"),
  };
}

function chosen({ choices, chosen }: DevicesView, kind: Kind): object {
  const [first] = choices[kind];
  const choice = choices[kind].find(({ id }) => id === chosen[kind]) ?? first;
  return choice === undefined ? {} : { deviceId: choice.id, label: choice.label, kind: kinds[kind], groupId: "" };
}

const kinds: Record<Kind, MediaDeviceKind> = {
  camera: "videoinput",
  microphone: "audioinput",
  speaker: "audiooutput",
};

/** `{camera, mic, speaker}` is what the browser chose; this lists all that could be chosen. */
export function listed({ choices }: DevicesView): object[] {
  return (["camera", "microphone", "speaker"] as const).flatMap((kind) =>
    choices[kind].map(({ id, label }) => ({ deviceId: id, label, kind: kinds[kind], groupId: "" })),
  );
}

function started(after: DevicesView, before: DevicesView): Told[] {
  const had = before.microphone.track !== null || before.camera.track !== null;
  const has = after.microphone.track !== null || after.camera.track !== null;
  return has && !had ? [{ action: "started-camera" }] : [];
}

function failures(after: DevicesView, before: DevicesView): Told[] {
  return (["microphone", "camera"] as const).flatMap((input) => {
    const { failure } = after[input];
    if (failure === null || failure === before[input].failure) return [];
    return [cameraError(input, failure)];
  });
}

/** The call goes on without the device. */
function cameraError(input: Input, failure: DeviceFailure): Told {
  const error = { msg: messages[input], ...reason(input, failure) };
  const ok = input === "camera" ? { videoOk: false } : { audioOk: false };
  return { action: "camera-error", errorMsg: { errorMsg: messages[input], ...ok }, error };
}

const messages: Record<Input, string> = {
  camera: "the camera cannot be used",
  microphone: "the microphone cannot be used",
};

function reason(input: Input, failure: DeviceFailure): { type: string } & Record<string, unknown> {
  switch (failure) {
    case "blocked":
    case "dismissed":
      return { type: "permissions", blockedBy: "user", blockedMedia: [media[input]] };
    case "blocked-by-system":
    case "frame":
      return { type: "permissions", blockedBy: "browser", blockedMedia: [media[input]] };
    case "none-found":
    case "lost":
      return { type: "not-found", missingMedia: [media[input]] };
    case "in-use":
      return { type: input === "camera" ? "cam-in-use" : "mic-in-use" };
    case "insecure":
    case "unsupported":
      return { type: "undefined-mediadevices" };
    case "unknown":
      return { type: "unknown" };
  }
}

function sharing(after: DevicesView, before: DevicesView): Told[] {
  if (after.sharing !== before.sharing) {
    return [{ action: after.sharing ? "local-screen-share-started" : "local-screen-share-stopped" }];
  }
  if (after.sharingFailure === null || after.sharingFailure === before.sharingFailure) return [];
  const errorMsg = "the screen cannot be shared";
  return [{ action: "nonfatal-error", type: "screen-share-error", errorMsg }];
}

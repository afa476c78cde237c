import { beforeEach, expect, test } from "vitest";
import { choices, Devices, type DevicesView } from "./devices";
import type { Slot } from "./negotiation";
import { FakeMedia } from "./testing/fake-media";

let media: FakeMedia;
let sending: Partial<Record<Slot, MediaStreamTrack | null>>;
let devices: Devices;
let permission: PermissionState;

beforeEach(() => {
  media = new FakeMedia();
  sending = {};
  permission = "denied";
  devices = new Devices({
    media: media.devices,
    situationOf: async () => ({ secureContext: true, allowedInFrame: true, permission }),
    chosen: { microphone: "", camera: "", speaker: "" },
    onChange: () => undefined,
    onTrack: (slot, track) => {
      sending[slot] = track;
    },
  });
});

const notFound = new DOMException("", "NotFoundError");

test("camera and microphone open with one question, and are sent", async () => {
  await devices.start({ microphone: true, camera: true });
  expect(media.questions).toEqual(["audio+video"]);
  expect(sending.camera).toBe(devices.view.camera.track);
  expect(sending.microphone).toBe(devices.view.microphone.track);
  expect(sending.camera).not.toBe(null);
});

test("a camera that is not wanted stays dark; the microphone opens, but is silent", async () => {
  await devices.start({ microphone: false, camera: false });
  expect(media.questions).toEqual(["audio"]);
  expect(devices.view.microphone.track?.enabled).toBe(false);
  expect(sending.microphone).toBe(null);
});

test("one that is missing does not take the other with it, and is named", async () => {
  media.failures.video = notFound;
  await devices.start({ microphone: true, camera: true });
  expect(devices.view.camera).toMatchObject({ wanted: true, track: null, failure: "none-found" });
  expect(devices.view.microphone.failure).toBe(null);
  expect(sending.microphone).not.toBe(null);
});

test("switching a failed device on tries again", async () => {
  media.failures.video = notFound;
  await devices.start({ microphone: true, camera: true });
  delete media.failures.video;
  await devices.set("camera", true);
  expect(devices.view.camera.failure).toBe(null);
  expect(sending.camera).not.toBe(null);
});

test("muting keeps the microphone and sends nothing; the camera is let go, so that its light goes out", async () => {
  await devices.start({ microphone: true, camera: true });
  await devices.set("microphone", false);
  await devices.set("camera", false);
  expect(sending).toEqual({ microphone: null, camera: null });
  expect([media.live("audio"), media.live("video")]).toEqual([1, 0]);
});

test("the last of several fast clicks counts", async () => {
  await devices.start({ microphone: true, camera: false });
  const release = media.hold();
  const clicks = [devices.set("camera", true), devices.set("camera", false), devices.set("camera", true)];
  clicks.push(devices.set("camera", false));
  release();
  await Promise.all(clicks);
  expect(media.live("video")).toBe(0);
  expect(sending.camera ?? null).toBe(null);
});

test("a device that opens after the person has left is let go at once", async () => {
  const release = media.hold();
  const started = devices.start({ microphone: true, camera: true });
  devices.stop();
  release();
  await started;
  expect(media.tracks).not.toHaveLength(0);
  expect([media.live("audio"), media.live("video")]).toEqual([0, 0]);
});

test("an unplugged device is replaced by another one", async () => {
  await devices.start({ microphone: true, camera: true });
  const [, camera] = media.tracks;
  camera?.end();
  await expect.poll(() => sending.camera ?? null).not.toBe(null);
  expect(media.live("video")).toBe(1);
  expect(sending.camera).toBe(devices.view.camera.track);
});

test("an unplugged device without another one is said to be lost", async () => {
  await devices.start({ microphone: true, camera: true });
  media.failures.video = notFound;
  media.tracks[1]?.end();
  await expect.poll(() => devices.view.camera.failure).toBe("lost");
  expect(sending.camera).toBe(null);
});

test("going on without a failed device stops asking for it, and keeps the reason", async () => {
  media.failures.audio = notFound;
  await devices.start({ microphone: true, camera: false });
  devices.giveUp("microphone");
  expect(devices.view.microphone).toMatchObject({ wanted: false, failure: "none-found" });
});

test("another device replaces the one in use", async () => {
  await devices.start({ microphone: true, camera: true });
  const before = devices.view.camera.track;
  await devices.choose("camera", "front");
  expect(devices.view.chosen.camera).toBe("front");
  expect(sending.camera).not.toBe(before);
  expect(media.live("video")).toBe(1);
});

test("choosing a camera does not switch it on", async () => {
  await devices.start({ microphone: true, camera: false });
  await devices.choose("camera", "front");
  expect(media.live("video")).toBe(0);
});

test("a shared screen is sent until it is stopped, here or in the browser's own bar", async () => {
  await devices.start({ microphone: false, camera: false });
  await devices.shareScreen();
  expect(devices.view.sharing).toBe(true);
  expect(sending.screen).not.toBe(null);
  media.tracks.find(({ kind }) => kind === "video")?.end();
  expect(devices.view.sharing).toBe(false);
  expect(sending).toMatchObject({ screen: null, screenSound: null });
});

test("a screen chosen after the person has left is not shared", async () => {
  await devices.start({ microphone: false, camera: false });
  const sharing = devices.shareScreen();
  devices.stop();
  await sharing;
  expect(devices.view.sharing).toBe(false);
  expect([media.live("audio"), media.live("video")]).toEqual([0, 0]);
});

test("who has closed the browser's question is not asked again at once", async () => {
  permission = "prompt";
  media.failures.audio = media.failures.video = new DOMException("", "NotAllowedError");
  await devices.start({ microphone: true, camera: true });
  expect(media.questions).toEqual(["audio+video"]);
  expect(devices.view).toMatchObject({ microphone: { failure: "dismissed" }, camera: { failure: "dismissed" } });
});

test("a blocked microphone does not stop a camera that is allowed", async () => {
  media.failures.audio = new DOMException("", "NotAllowedError");
  await devices.start({ microphone: true, camera: true });
  expect(devices.view).toMatchObject({ microphone: { failure: "blocked" }, camera: { failure: null } });
  expect(media.live("video")).toBe(1);
});

test("not choosing a screen is no failure", async () => {
  media.failures.screen = new DOMException("Permission denied", "NotAllowedError");
  await devices.shareScreen();
  expect(devices.view).toMatchObject({ sharing: false, sharingFailure: null });
});

test("without permission there is nothing to choose from", () => {
  const device = (deviceId: string, label: string): MediaDeviceInfo =>
    ({ kind: "videoinput", deviceId, label }) as MediaDeviceInfo;
  expect(choices([device("", "")], "videoinput")).toEqual([]);
  expect(choices([device("a", "Front")], "videoinput")).toEqual([{ id: "a", label: "Front" }]);
});

test("a browser that has no devices to give says so once for both", async () => {
  const views: DevicesView[] = [];
  const devices = new Devices({
    media: undefined,
    situationOf: async () => ({ secureContext: true, allowedInFrame: true, permission: null }),
    chosen: { microphone: "", camera: "", speaker: "" },
    onChange: (view) => void views.push(view),
    onTrack: () => undefined,
  });
  await devices.start({ microphone: true, camera: true });
  expect(views.at(-1)).toMatchObject({ microphone: { failure: "unsupported" }, camera: { failure: "unsupported" } });
});

test("a chosen device is asked for exactly, and another one opens if it is gone", async () => {
  await devices.start({ microphone: true, camera: false });
  await devices.choose("microphone", "headset");
  expect(media.asked.at(-1)?.audio).toMatchObject({ deviceId: { exact: "headset" } });
  media.gone = "headset";
  await devices.choose("microphone", "headset");
  expect(media.asked.at(-1)?.audio).not.toHaveProperty("deviceId");
  expect(devices.view.microphone).toMatchObject({ failure: null });
  expect(sending.microphone).toBe(devices.view.microphone.track);
});

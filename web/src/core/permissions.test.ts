import { expect, test } from "vitest";
import type { CanReceive, Permissions } from "../protocol/messages.gen";
import { SLOTS } from "./negotiation";
import { mayReach, permittedBy } from "./permissions";
import { ada, ben, guestRights } from "./testing/cast";

const sends = (change: Partial<Permissions>) => ({ ...ben, user_id: "b", permissions: { ...guestRights, ...change } });
const receives = (can_receive: CanReceive) => ({ ...ada, permissions: { ...guestRights, can_receive } });

test.each<[string, Partial<Permissions>, CanReceive, string[]]>([
  ["everything by default", {}, {}, ["microphone", "camera", "screen", "screenSound"]],
  ["only what may be sent", { can_send: ["audio", "screenVideo"] }, {}, ["microphone", "screen"]],
  ["nothing of hidden people", { has_presence: false }, {}, []],
  ["nothing to those who receive nothing", {}, { base: false }, []],
  ["only the kinds that are received", {}, { base: { video: false, screenVideo: false } }, ["microphone", "screenSound"]],
  ["a rule for the user before the one for all", {}, { base: false, byUserId: { b: { audio: true, video: false, screenVideo: false, screenAudio: false } } }, ["microphone"]],
  ["a rule for the person before the one for the user", {}, { byUserId: { b: false }, byParticipantId: { ben: true } }, ["microphone", "camera", "screen", "screenSound"]],
  ["rules for others do not count", {}, { byUserId: { c: false }, byParticipantId: { cleo: false } }, ["microphone", "camera", "screen", "screenSound"]],
])("what reaches somebody: %s", (_, sender, receiver, slots) => {
  expect(SLOTS.filter((slot) => mayReach(receives(receiver), sends(sender), slot))).toEqual(slots);
});

test("which devices may be used", () => {
  expect(permittedBy({ ...guestRights, can_send: ["audio", "screenAudio"] })).toEqual({ microphone: true, camera: false, screen: true });
  expect(permittedBy({ ...guestRights, has_presence: false })).toEqual({ microphone: false, camera: false, screen: false });
});

// Who may send what to whom: the server decides, and every page holds itself and the others to it.

import type { CanReceive, ParticipantView, Permissions, SendKind } from "../protocol/messages.gen";
import type { Input } from "./devices";
import type { Slot } from "./negotiation";

/** What a slot carries, in the words of permissions. */
const KINDS: Record<Slot, Exclude<SendKind, "customVideo" | "customAudio">> = {
  microphone: "audio",
  camera: "video",
  screen: "screenVideo",
  screenSound: "screenAudio",
};

/** Which of our devices we may use in this call. */
export type Permitted = Record<Input | "screen", boolean>;

export const everything: Permitted = { microphone: true, camera: true, screen: true };

export function permittedBy(permissions: Permissions): Permitted {
  return {
    microphone: maySend(permissions, "microphone"),
    camera: maySend(permissions, "camera"),
    screen: maySend(permissions, "screen") || maySend(permissions, "screenSound"),
  };
}

/** Hidden people send nothing, whatever else is said. */
export function maySend(permissions: Permissions, slot: Slot): boolean {
  return permissions.has_presence && permissions.can_send.includes(KINDS[slot]);
}

/** Whether what `sender` sends in this slot may reach `receiver`: the one may send it, the other may receive it. */
export function mayReach(receiver: ParticipantView, sender: ParticipantView, slot: Slot): boolean {
  return maySend(sender.permissions, slot) && mayReceive(receiver.permissions.can_receive, sender, slot);
}

/** A rule for one person comes before one for their user id, and that before the one for all. */
function mayReceive(rules: CanReceive, sender: ParticipantView, slot: Slot): boolean {
  const byUserId = sender.user_id === null ? undefined : rules.byUserId?.[sender.user_id];
  const rule = rules.byParticipantId?.[sender.session_id] ?? byUserId ?? rules.base ?? true;
  return typeof rule === "boolean" ? rule : (rule[KINDS[slot]] ?? true);
}

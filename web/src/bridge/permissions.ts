// Rights in Daily's terms, where `true` stands for a full list and `false` for an empty one. Pure.

import type { AdminKind, Permissions as Ours, PermissionsChange, SendKind } from "../protocol/messages.gen";
import type { Permissions } from "./daily";

const SENDS: readonly SendKind[] = ["video", "audio", "screenVideo", "screenAudio", "customVideo", "customAudio"];
const ADMINS: readonly AdminKind[] = ["participants", "streaming", "transcription"];

/** What somebody may do, as hosts read it. */
export function permissionsOf({ has_presence, can_send, can_receive, can_admin }: Ours): Permissions {
  return {
    hasPresence: has_presence,
    canSend: setOf(can_send, SENDS),
    canReceive: can_receive,
    canAdmin: setOf(can_admin, ADMINS),
  };
}

/** What a host wants to change; what it does not name, or names wrongly, stays. */
export function changeOf(wanted: unknown): PermissionsChange {
  const { hasPresence, canSend, canReceive, canAdmin } = (wanted ?? {}) as Partial<Record<string, unknown>>;
  const [sends, admins] = [listOf(canSend, SENDS), listOf(canAdmin, ADMINS)];
  return {
    ...(typeof hasPresence === "boolean" && { has_presence: hasPresence }),
    ...(sends !== undefined && { can_send: sends }),
    ...(typeof canReceive === "object" && canReceive !== null && { can_receive: canReceive }),
    ...(admins !== undefined && { can_admin: admins }),
  };
}

function setOf<Kind extends string>(kinds: readonly Kind[], all: readonly Kind[]): boolean | Set<string> {
  if (kinds.length === 0) return false;
  return all.every((kind) => kinds.includes(kind)) ? true : new Set<string>(kinds);
}

function listOf<Kind extends string>(kinds: unknown, all: readonly Kind[]): boolean | Kind[] | undefined {
  if (typeof kinds === "boolean") return kinds;
  if (!(kinds instanceof Set) && !Array.isArray(kinds)) return undefined;
  const given = new Set<unknown>(kinds);
  return all.filter((kind) => given.has(kind));
}

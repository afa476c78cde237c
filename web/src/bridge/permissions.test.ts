import { describe, expect, it } from "vitest";
import { guestRights } from "../core/testing/cast";
import { changeOf, permissionsOf } from "./permissions";

describe("rights", () => {
  it("are written as hosts know them", () => {
    expect(permissionsOf(guestRights)).toEqual({
      hasPresence: true,
      canSend: true,
      canReceive: { base: true },
      canAdmin: false,
    });
    expect(permissionsOf({ ...guestRights, can_send: ["audio"], can_admin: ["participants"] })).toMatchObject({
      canSend: new Set(["audio"]),
      canAdmin: new Set(["participants"]),
    });
    expect(permissionsOf({ ...guestRights, can_send: [] }).canSend).toBe(false);
  });

  const table: [unknown, object][] = [
    [{ canSend: new Set(["video", "nonsense"]) }, { can_send: ["video"] }],
    [{ canSend: ["audio"], canAdmin: ["participants"] }, { can_send: ["audio"], can_admin: ["participants"] }],
    [{ canSend: false, canAdmin: true, hasPresence: false }, { can_send: false, can_admin: true, has_presence: false }],
    [{ canReceive: { base: false } }, { can_receive: { base: false } }],
    [{ canSend: "all", hasPresence: "yes", canReceive: 7 }, {}],
    [null, {}],
  ];
  it.each(table)("%j changes this", (wanted, change) => {
    expect(changeOf(wanted)).toEqual(change);
  });
});

import { expect, test } from "vitest";
import { initialState, reduce } from "../core/state";
import { ada, joined, welcome } from "../core/testing/cast";
import { call } from "../ui/messages/en/call";
import { speaker } from "../ui/messages/say";
import { titleOf } from "./title";

const say = speaker(call);
const start = initialState("");

test("the title says where the person is", () => {
  const prejoin = reduce(start, { type: "message", message: welcome() });
  expect(titleOf(prejoin, "room-1", say)).toBe("Ready to join? · room-1");
  const inside = reduce(start, { type: "message", message: joined(ada, []) });
  expect(titleOf(inside, "room-1", say)).toBe("Call in room-1");
  const refused = reduce(start, { type: "message", message: { type: "refused", reason: "no-room", message: "", at: null } });
  expect(titleOf(refused, "room-1", say)).toBe("This room does not exist");
});

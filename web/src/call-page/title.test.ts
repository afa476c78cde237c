import { expect, test } from "vitest";
import { initialState, reduce } from "../core/state";
import { ada, ben, joined, welcome } from "../core/testing/cast";
import { call } from "../ui/messages/en/call";
import { speaker } from "../ui/messages/say";
import { titleOf } from "./title";

const say = speaker(call);
const start = initialState("");
const prejoin = reduce(start, { type: "message", message: welcome() });

test("the title says where the person is", () => {
  expect(titleOf(prejoin, "room-1", null, say)).toBe("Ready to join?");
  const refused = reduce(start, { type: "message", message: { type: "refused", reason: "no-room", message: "", at: null, because: null } });
  expect(titleOf(refused, "room-1", null, say)).toBe("This room does not exist");
});

test("only hosts read the technical name of the room", () => {
  const host = reduce(start, { type: "message", message: joined(ada, [ben]) });
  expect(titleOf(host, "room-1", null, say)).toBe("Call in room-1");
  const guest = reduce(start, { type: "message", message: joined(ben, [ada]) });
  expect(titleOf(guest, "room-1", null, say)).toBe("Call with Ada");
  const alone = reduce(start, { type: "message", message: joined(ben, []) });
  expect(titleOf(alone, "room-1", null, say)).toBe("Video call");
});

test("who came from an appointment reads whom it is with", () => {
  const appointment = { link: "/a/x", other: "Dr. Ada Popescu", organization: "Clinic" };
  expect(titleOf(prejoin, "room-1", appointment, say)).toBe("Ready to join? · Dr. Ada Popescu");
  const inside = reduce(start, { type: "message", message: joined(ada, []) });
  expect(titleOf(inside, "room-1", appointment, say)).toBe("Call with Dr. Ada Popescu");
});

import { expect, test } from "vitest";
import { nameFailure, type Situation } from "./device-failure";

const fine: Situation = { secureContext: true, allowedInFrame: true, permission: null };
const error = (name: string, message = ""): DOMException => new DOMException(message, name);

test.each<[string, unknown, Partial<Situation>, string]>([
  ["refused by the person", error("NotAllowedError", "Permission denied"), { permission: "denied" }, "blocked"],
  ["refused, where the browser tells no permissions", error("NotAllowedError"), {}, "blocked"],
  ["question closed", error("NotAllowedError", "Permission dismissed"), { permission: "prompt" }, "dismissed"],
  ["refused by the system", error("NotAllowedError", "Permission denied by system"), {}, "blocked-by-system"],
  ["no such device", error("NotFoundError"), {}, "none-found"],
  ["used by another program", error("NotReadableError"), {}, "in-use"],
  ["not passed on by the embedding page", error("NotAllowedError"), { allowedInFrame: false }, "frame"],
  ["page without https", new TypeError("undefined"), { secureContext: false }, "insecure"],
  ["anything else", new TypeError("?"), {}, "unknown"],
])("%s", (_, thrown, situation, failure) => {
  expect(nameFailure(thrown, { ...fine, ...situation })).toBe(failure);
});

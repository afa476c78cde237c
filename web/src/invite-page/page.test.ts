import { expect, test } from "vitest";
import { FIRST, reduce, type Page } from "./page";

const form: Page = { team: "clinic", person: "new", busy: false, problem: null };
const gone = { kind: "refused", status: 404, info: "gone" } as const;
const taken = { kind: "refused", status: 409, info: "taken" } as const;

test("whoever is invited may make an account, or say that there is one", () => {
  expect(reduce(FIRST, { type: "invited", team: "clinic" })).toEqual(form);
  expect(reduce(form, { type: "switched", person: "known" })).toEqual({ ...form, person: "known" });
});

test("a problem stands beside the form, which can be sent again", () => {
  const busy = reduce(form, { type: "joining" });
  expect(busy).toEqual({ ...form, busy: true });
  expect(reduce(busy, { type: "failed", problem: taken })).toEqual({ ...form, problem: taken });
});

test("an invitation that was revoked meanwhile takes the place of the form", () => {
  expect(reduce(form, { type: "failed", problem: gone })).toBe("wrong");
});

test("before anything is known, no answer means that the server cannot be reached", () => {
  expect(reduce(FIRST, { type: "failed", problem: { kind: "unreachable" } })).toBe("unreachable");
});

import { describe, expect, test } from "vitest";
import { addressOf, belongs, placeOf, type Place } from "./place";

const DOMAIN = "6b0d6d2e-6b1c-4c55-b7b3-0a4f5a9a3e11";

const PLACES: [string, Place][] = [
  ["/console", { page: "board", organization: null, day: null }],
  ["/console?organization=2", { page: "board", organization: 2, day: null }],
  ["/console?organization=2&day=2026-11-21", { page: "board", organization: 2, day: "2026-11-21" }],
  ["/console/organizations/2/appointments/7", { page: "appointment", organization: 2, appointment: 7 }],
  ["/console/organizations/2/people", { page: "people", organization: 2 }],
  ["/console/organizations/2/reports", { page: "reports", organization: 2 }],
  ["/console/organizations/2/audit", { page: "audit", organization: 2 }],
  ["/console/organizations/2/settings", { page: "organization", organization: 2 }],
  [`/console/domains/${DOMAIN}/keys`, { page: "keys", domain: DOMAIN }],
  [`/console/domains/${DOMAIN}/team`, { page: "team", domain: DOMAIN }],
  [`/console/domains/${DOMAIN}/settings`, { page: "domain", domain: DOMAIN }],
  [`/console/domains/${DOMAIN}/webhooks`, { page: "webhooks", domain: DOMAIN }],
  [`/console/domains/${DOMAIN}/webhooks/w1`, { page: "webhook", domain: DOMAIN, webhook: "w1" }],
];

describe("addresses", () => {
  test.each(PLACES)("%s is a place, and the place's address", (address, place) => {
    const [path = "", search = ""] = address.split("?");
    expect(placeOf(path, search)).toEqual(place);
    expect(addressOf(place)).toBe(address);
  });

  test.each([
    "/console/organizations",
    "/console/organizations/two/people",
    "/console/organizations/2/appointments",
    "/console/organizations/2/appointments/x",
    "/console/organizations/2/people/7",
    "/console/organizations/2/keys",
    "/console/domains/d/keys/1",
    "/console/domains/d/webhooks/1/2",
    "/console/else",
  ])("%s is nowhere", (address) => {
    expect(placeOf(address, "")).toEqual({ page: "nowhere" });
  });

  test.each(["organization=0", "organization=-1", "day=2026-02-30", "organization=a&day=today"])(
    "the board passes over %s",
    (search) => {
      expect(placeOf("/console/", search)).toEqual({ page: "board", organization: null, day: null });
    },
  );
});

test("the navigation marks the list that a person has come from", () => {
  expect(belongs({ page: "appointment", organization: 1, appointment: 2 }, "board")).toBe(true);
  expect(belongs({ page: "webhook", domain: DOMAIN, webhook: "w" }, "webhooks")).toBe(true);
  expect(belongs({ page: "keys", domain: DOMAIN }, "team")).toBe(false);
});

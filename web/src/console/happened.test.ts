import { expect, test } from "vitest";
import { details, what, who, type AuditEvent } from "./happened";

function event(name: string, said: Record<string, unknown> = {}): AuditEvent {
  return { sequence: 1, at: "2026-11-21T10:00:00Z", event: name, actor: "vestibule", appointment_id: 7, details: said };
}

test.each([
  ["token:booking platform", "Program “booking platform”"],
  ["user:mara@clinic.example", "mara@clinic.example"],
  ["specialist:3", "The specialist"],
  ["patient:4", "The patient"],
  ["vestibule", "Vestibule, by itself"],
  ["token:a:b", "Program “a:b”"],
])("%s is %s", (actor, words) => {
  expect(who(actor)).toBe(words);
});

test("known events have words, others keep their name", () => {
  expect(what(event("videocall.room_created"))).toBe("Video room created");
  expect(what(event("appointment.moved", { move: "cancel" }))).toBe("Appointment cancelled");
  expect(what(event("something.new"))).toBe("something.new");
});

test("details without a value are passed over", () => {
  const said = { move: "cancel", reason: "ill", old: "upcoming", count: 5, nothing: null, patient_id: 2 };
  expect(details(event("appointment.moved", said))).toEqual(["Reason: ill", "Before: Upcoming", "How many: 5"]);
});

test("times are written for people", () => {
  const [end = "", start = ""] = details(event("x", { exp: 1795255200, started_at: "2026-11-21T10:30:00Z" }));
  expect(end).toMatch(/^Room ends: .*2026/);
  expect(start).toMatch(/^Start: .*2026.*:30/);
});

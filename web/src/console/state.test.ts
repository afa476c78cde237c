import { describe, expect, test } from "vitest";
import type { Appointment, Session } from "./api";
import { first, reduce, type Event, type State } from "./state";
import { needsAttention, summary } from "./summary";

const SESSION: Session = { user: { id: "1", email: "mara@clinic.example", name: "Mara" }, memberships: [] };
const CLINIC = { id: 1, name: "Restartix Clinic", role: "staff" };
const SCHOOL = { id: 2, name: "Kineto School", role: "admin" };
const DAY = "2026-11-21";
const BOARD = { page: "board", organization: null, day: null } as const;

function appointment(id: number, room: Partial<Appointment["room"]> = {}): Appointment {
  return {
    id,
    status: "upcoming",
    started_at: "2026-11-21T10:30:00Z",
    ended_at: "2026-11-21T11:00:00Z",
    specialist_name: "Dr. Ada Popescu",
    patient_name: "Ben Ionescu",
    specialist_url: "https://x.example/a/s",
    patient_url: "https://x.example/a/p",
    room: { state: "ready", problem: null, ...room },
  };
}

function after(...events: Event[]): State {
  return events.reduce(reduce, first(DAY, null, BOARD, "en"));
}

const SIGNED_IN: Event = { type: "signed-in", session: SESSION };
const TWO: Event = { type: "organizations", organizations: [CLINIC, SCHOOL] };
const FULL: Event = {
  type: "appointments",
  shown: { total_count: 2, appointments: [appointment(7), appointment(8, { state: "pending" })] },
  at: 1000,
};

describe("signing in", () => {
  test("a failed try keeps the form and says why", () => {
    const problem = { kind: "locked", seconds: 900 } as const;
    const state = after(
      { type: "signed-out", reason: "new" },
      { type: "signing-in" },
      { type: "sign-in-failed", problem },
    );
    expect(state.session).toEqual({ reason: "new", busy: false, problem });
  });

  test("a new try forgets the old failure", () => {
    const state = after(
      { type: "sign-in-failed", problem: { kind: "unreachable" } },
      { type: "signing-in" },
    );
    expect(state.session).toMatchObject({ busy: true, problem: null });
  });

  test("without an answer it waits, but whoever is signed in stays", () => {
    expect(after({ type: "no-answer" }).session).toBe("unreachable");
    expect(after(SIGNED_IN, { type: "no-answer" }).session).toBe(SESSION);
  });

  test("signing out leaves nothing of the appointments behind", () => {
    const state = after(SIGNED_IN, TWO, FULL, { type: "signed-out", reason: "left" });
    expect(state.board.shown).toBeNull();
    expect(state.organizations).toBeNull();
    expect(JSON.stringify(state)).not.toContain("Ionescu");
  });
});

describe("choosing", () => {
  test("the first organization is shown unless the address names another of one's own", () => {
    expect(after(SIGNED_IN, TWO).organization).toBe(1);
    expect(reduce(first(DAY, 2, BOARD, "en"), TWO).organization).toBe(2);
    expect(reduce(first(DAY, 99, BOARD, "en"), TWO).organization).toBe(1);
    expect(after({ type: "organizations", organizations: [] }).organization).toBeNull();
  });

  test.each([
    [2, DAY],
    [1, "2026-11-22"],
  ])("organization %i on %s shows none of the old appointments", (organization, day) => {
    const state = after(SIGNED_IN, TWO, FULL, { type: "look-at", organization, day });
    expect(state).toMatchObject({ organization, day, board: { shown: null }, retries: {} });
  });

  test("an address that goes on naming an organization of others changes nothing", () => {
    const state = after(SIGNED_IN, TWO, FULL);
    expect(reduce(state, { type: "look-at", organization: 99, day: DAY })).toBe(state);
  });

  test("losing a role leads to an organization that is left", () => {
    const state = after(SIGNED_IN, TWO, FULL, { type: "organizations", organizations: [SCHOOL] });
    expect(state).toMatchObject({ organization: 2, board: { shown: null } });
    expect(reduce(state, { type: "organizations", organizations: [] }).organization).toBeNull();
  });

  test("choosing the same again keeps what is shown", () => {
    const state = after(SIGNED_IN, TWO, FULL);
    expect(reduce(state, { type: "look-at", organization: 1, day: DAY })).toBe(state);
  });
});

describe("the board", () => {
  test("a failed refresh keeps what was known and when", () => {
    const problem = { kind: "unreachable" } as const;
    const state = after(SIGNED_IN, TWO, FULL, { type: "appointments-failed", problem });
    expect(state.board).toMatchObject({ at: 1000, problem, shown: { total_count: 2 } });
    expect(reduce(state, FULL).board.problem).toBeNull();
  });

  test("a room that was made on demand is ready at once", () => {
    const state = after(
      SIGNED_IN,
      TWO,
      FULL,
      { type: "retrying", appointment: 8 },
      { type: "retried", appointment: appointment(8) },
    );
    expect(state.board.shown?.appointments.map(({ room }) => room.state)).toEqual(["ready", "ready"]);
    expect(state.retries).toEqual({});
  });

  test("a demand that failed says so beside its own appointment only", () => {
    const state = after(
      SIGNED_IN,
      TWO,
      FULL,
      { type: "retrying", appointment: 8 },
      { type: "retry-failed", appointment: 8, info: "the server does not answer" },
    );
    expect(state.retries).toEqual({ 8: { failed: "the server does not answer" } });
  });
});

describe("the summary", () => {
  test.each([
    [{ state: "ready" }, false],
    [{ state: "none" }, false],
    [{ state: "pending" }, true],
    [{ state: "removing" }, false],
    [{ state: "removing", problem: "the provider is down" }, true],
  ] as const)("%o needs attention: %s", (room, needed) => {
    expect(needsAttention(appointment(1, room))).toBe(needed);
  });

  test.each([
    [[appointment(1)], 1, ["1 appointment", null]],
    [[appointment(1), appointment(2, { state: "pending" })], 2, ["2 appointments", "1 room needs attention"]],
    [[appointment(1), appointment(2)], 5, ["The first 2 of 5 appointments", null]],
  ] as const)("counts %#", (appointments, total_count, words) => {
    expect(summary({ appointments, total_count })).toEqual(words);
  });
});

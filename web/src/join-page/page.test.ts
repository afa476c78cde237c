import { describe, expect, test } from "vitest";
import { STATES, type Appointment } from "./appointment";
import { FIRST, nextLook, reduce, type Page } from "./page";
import { view } from "./view";

const AT = Date.parse("2026-11-21T10:00:00Z");

function appointment(changes: Partial<Appointment> = {}): Appointment {
  return {
    state: "not-open-yet",
    role: "patient",
    your_name: "Ben Ionescu",
    other_name: "Dr. Ada Popescu",
    organization_name: "Restartix Clinic",
    started_at: "2026-11-21T10:30:00Z",
    ended_at: "2026-11-21T11:00:00Z",
    opens_at: "2026-11-21T10:25:00Z",
    now: "2026-11-21T10:00:00Z",
    ...changes,
  };
}

function told(changes: Partial<Appointment> = {}, page: Page = FIRST): Page {
  return reduce(page, { type: "told", appointment: appointment(changes), at: AT });
}

describe("what the page shows", () => {
  test("before the first answer it says that it is looking", () => {
    expect(view(FIRST)).toMatchObject({ status: "loading", button: "none" });
  });

  test.each(STATES.filter((state) => state !== "open"))("there is no button when %s", (state) => {
    expect(view(told({ state }))).toMatchObject({ status: state, hint: `${state}.hint`, button: "none" });
  });

  test("there is a button when open", () => {
    expect(view(told({ state: "open" }))).toMatchObject({ status: "open", tone: "good", button: "ready" });
  });

  test("only before the opening it counts down", () => {
    expect(view(told()).opensAt).toBe(AT + 25 * 60_000);
    expect(view(told({ state: "open" })).opensAt).toBeNull();
  });

  test("a wrong clock of the device does not change the countdown", () => {
    const page = told({ now: "2026-11-21T10:20:00Z" }); // twenty minutes ahead of the device
    expect(view(page).opensAt).toBe(AT + 5 * 60_000);
  });

  test("a wrong link stays wrong, and nothing can be pressed", () => {
    const page = reduce(told({ state: "open" }), { type: "wrong-link" });
    expect(view(page)).toMatchObject({ status: "wrong", tone: "danger", button: "none" });
  });

  test.each([
    [false, "offline"],
    [true, "unreachable"],
  ] as const)("without an answer (online: %s) it says %s and keeps what was known", (online, connection) => {
    const page = reduce(told({ state: "open" }), { type: "not-told", online });
    expect(view(page)).toMatchObject({ connection, status: "open", button: "ready" });
    expect(view(told({ state: "open" }, page)).connection).toBeNull();
  });
});

describe("entering", () => {
  const open = told({ state: "open" });
  const failed = reduce(reduce(open, { type: "entering" }), { type: "enter-failed", room: "https://x.example/r" });

  test("the button is busy until the call opens", () => {
    expect(view(reduce(open, { type: "entering" })).button).toBe("busy");
  });

  test("a failure shows the way round and lets the person try again", () => {
    expect(view(failed)).toMatchObject({ button: "ready", failure: { room: "https://x.example/r" } });
    expect(view(reduce(failed, { type: "entering" })).failure).toBeNull();
  });

  test("a failure is kept while the door is open and forgotten when it closes", () => {
    expect(view(told({ state: "open" }, failed)).failure).not.toBeNull();
    const cancelled = told({ state: "cancelled" }, failed);
    expect(view(cancelled)).toMatchObject({ status: "cancelled", failure: null, button: "none" });
    expect(view(told({ state: "open" }, cancelled)).failure).toBeNull();
  });

  test("whoever comes back from the call can enter again", () => {
    const gone = reduce(open, { type: "entering" });
    expect(view(reduce(gone, { type: "came-back" })).button).toBe("ready");
  });
});

describe("when the server is asked again", () => {
  test.each([
    ["usually every 15 seconds", told(), AT, 15_000],
    ["at the moment of opening", told(), Date.parse("2026-11-21T10:24:50Z"), 10_050],
    ["at the end", told({ state: "open" }), Date.parse("2026-11-21T10:59:58Z"), 2_050],
    ["gently again after the end", told({ state: "over" }), Date.parse("2026-11-21T11:00:01Z"), 15_000],
    ["sooner while the room is prepared", told({ state: "pending" }), AT, 5_000],
    ["sooner without an answer", reduce(told(), { type: "not-told", online: true }), AT, 5_000],
  ])("%s", (_, page, at, wait) => {
    expect(nextLook(page, at)).toBe(wait);
  });

  test("at the opening by the server's clock, not the device's", () => {
    const page = told({ now: "2026-11-21T10:24:55Z" });
    expect(nextLook(page, AT)).toBe(5_050);
  });
});

// The console as a value: what is known, and how each event changes it. No DOM, no network.

import type { Problem } from "../core/server";
import type { Appointment, DayOfAppointments, Domain, Knock, Organization, Session } from "./api";
import type { Language } from "../ui/messages/languages";
import type { Day } from "./day";
import type { Place } from "./place";

export type State = {
  readonly session: "loading" | "unreachable" | SignedOut | Session;
  readonly place: Place;
  readonly language: Language;
  readonly organizations: readonly Organization[] | null;
  /** The domains that the person looks after. */
  readonly domains: readonly Domain[] | null;
  /** Rises when something changed at the server that pages may show. */
  readonly pulse: number;
  readonly organization: number | null;
  readonly day: Day;
  readonly board: Board;
  /** Who waits to be let into a call of the organization, the first come first. */
  readonly knocks: readonly Knock[];
  /** What became of "Try now", by appointment. */
  readonly retries: Readonly<Record<number, Retry>>;
};

export type SignedOut = {
  readonly reason: "new" | "ended" | "left";
  readonly busy: boolean;
  readonly problem: Problem | null;
};

export type Board = {
  readonly shown: DayOfAppointments | null;
  /** When they were told, in milliseconds; an older answer than the last try if `problem`. */
  readonly at: number;
  readonly problem: Problem | null;
};

export type Retry = "busy" | { readonly failed: string };

export type Event =
  | { readonly type: "signed-in"; readonly session: Session }
  | { readonly type: "signing-in" }
  | { readonly type: "sign-in-failed"; readonly problem: Problem }
  | { readonly type: "signed-out"; readonly reason: SignedOut["reason"] }
  | { readonly type: "no-answer" }
  | { readonly type: "organizations"; readonly organizations: readonly Organization[] }
  | { readonly type: "domains"; readonly domains: readonly Domain[] }
  | { readonly type: "went"; readonly place: Place }
  | { readonly type: "speaks"; readonly language: Language }
  | { readonly type: "something-changed" }
  | { readonly type: "look-at"; readonly organization: number | null; readonly day: Day }
  | { readonly type: "appointments"; readonly shown: DayOfAppointments; readonly at: number }
  | { readonly type: "knocks"; readonly knocks: readonly Knock[] }
  | { readonly type: "appointments-failed"; readonly problem: Problem }
  | { readonly type: "retrying"; readonly appointment: number }
  | { readonly type: "retried"; readonly appointment: Appointment }
  | { readonly type: "retry-failed"; readonly appointment: number; readonly info: string };

const NO_BOARD: Board = { shown: null, at: 0, problem: null };

/** The console before the first answer; `organization` is the one that the address names. */
export function first(day: Day, organization: number | null, place: Place, language: Language): State {
  return {
    session: "loading",
    place,
    language,
    organizations: null,
    domains: null,
    pulse: 0,
    organization,
    day,
    board: NO_BOARD,
    knocks: [],
    retries: {},
  };
}

export function reduce(state: State, event: Event): State {
  switch (event.type) {
    case "signed-in":
      return { ...state, session: event.session };
    case "signing-in":
      return { ...state, session: { ...signedOut(state), busy: true, problem: null } };
    case "sign-in-failed":
      return { ...state, session: { ...signedOut(state), busy: false, problem: event.problem } };
    case "signed-out":
      return {
        ...first(state.day, state.organization, state.place, state.language),
        session: { reason: event.reason, busy: false, problem: null },
      };
    case "no-answer":
      return state.session === "loading" ? { ...state, session: "unreachable" } : state;
    case "organizations":
      return withOrganizations(state, event.organizations);
    case "domains":
      return { ...state, domains: event.domains };
    case "went":
      return { ...state, place: event.place };
    case "speaks":
      return { ...state, language: event.language };
    case "something-changed":
      return { ...state, pulse: state.pulse + 1 };
    case "look-at":
      return lookAt(state, event.organization, event.day);
    case "appointments":
      return { ...state, board: { shown: event.shown, at: event.at, problem: null } };
    case "knocks":
      return { ...state, knocks: event.knocks };
    case "appointments-failed":
      return { ...state, board: { ...state.board, problem: event.problem } };
    case "retrying":
      return withRetry(state, event.appointment, "busy");
    case "retried":
      return retried(state, event.appointment);
    case "retry-failed":
      return withRetry(state, event.appointment, { failed: event.info });
  }
}

function signedOut(state: State): SignedOut {
  const { session } = state;
  if (typeof session !== "string" && "reason" in session) return session;
  return { reason: "new", busy: false, problem: null };
}

function withOrganizations(state: State, organizations: readonly Organization[]): State {
  const known = organizations.some(({ id }) => id === state.organization);
  const organization = known ? state.organization : (organizations[0]?.id ?? null);
  return lookAt({ ...state, organizations }, organization, state.day);
}

function lookAt(state: State, asked: number | null, day: Day): State {
  const isForeign = state.organizations?.every(({ id }) => id !== asked) ?? false;
  const organization = asked !== null && isForeign ? state.organization : asked;
  if (organization === state.organization && day === state.day) return state;
  const knocks = organization === state.organization ? state.knocks : [];
  return { ...state, organization, day, board: NO_BOARD, knocks, retries: {} };
}

function withRetry(state: State, appointment: number, retry: Retry): State {
  return { ...state, retries: { ...state.retries, [appointment]: retry } };
}

function retried(state: State, appointment: Appointment): State {
  const { [appointment.id]: _, ...retries } = state.retries;
  const { shown } = state.board;
  const appointments = shown?.appointments.map((old) =>
    old.id === appointment.id ? appointment : old,
  );
  const board = shown && appointments && { ...state.board, shown: { ...shown, appointments } };
  return { ...state, retries, board: board ?? state.board };
}

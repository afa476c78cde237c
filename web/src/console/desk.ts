// What a person does at the console, and what the console does by itself.

import type { Problem } from "../core/server";
import { Store } from "../core/store";
import * as api from "./api";
import { dayOf, type Day } from "./day";
import { addressOf, placeOf, type Place } from "./place";
import type { Language } from "../ui/messages/languages";
import { remember, say, speak, translated } from "./say";
import { first, reduce, type Event, type State } from "./state";

const REFRESH = 10_000;
const REFRESH_BESIDE_EVENTS = 60_000; // changes are told; this is for what nobody told

/** One person's work at the console. */
export class Desk {
  readonly store: Store<State, Event>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looks = 0;
  #events: { readonly organization: number; readonly source: EventSource } | null = null;

  constructor(language: Language) {
    const place = here();
    const organization = organizationOf(place);
    this.store = new Store(reduce, first(dayOn(place), organization, place, language));
  }

  /** Find out who is here, and keep what is shown fresh for as long as the page is open. */
  start(): void {
    void this.#begin();
    window.addEventListener("popstate", () => this.#arrive());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.#refresh();
    });
    window.addEventListener("online", () => void this.#refresh());
  }

  async signIn(email: string, password: string): Promise<void> {
    this.store.dispatch({ type: "signing-in" });
    const answer = await api.signIn(email, password);
    if ("value" in answer) await this.#enter(answer.value);
    else this.store.dispatch({ type: "sign-in-failed", problem: answer.problem });
  }

  /** Speak another language, also at the next visit. */
  async speak(wished: Language): Promise<void> {
    const language = await speak(wished);
    remember(language);
    this.store.dispatch({ type: "speaks", language });
  }

  async signOut(): Promise<void> {
    await api.signOut();
    this.#leave("left");
  }

  /** Show another page, and remember it in the address. */
  go(place: Place): void {
    history.pushState(null, "", addressOf(place));
    scrollTo(0, 0);
    this.#arrive();
  }

  /** Show a day of an organization; today needs no remembering. */
  lookAt(organization: number | null, day: Day): void {
    this.go({ page: "board", organization, day: day === dayOf(new Date()) ? null : day });
  }

  /** An answer said that nobody is signed in any more. */
  ended(): void {
    this.#leave("ended");
  }

  /** Try at once to make or remove the room of an appointment. */
  async retryRoom(appointment: number): Promise<void> {
    const { organization } = this.store.state;
    if (organization === null) return;
    this.store.dispatch({ type: "retrying", appointment });
    const answer = await api.retryRoom(organization, appointment);
    if ("value" in answer) this.store.dispatch({ type: "retried", appointment: answer.value });
    else this.#retryFailed(appointment, answer.problem);
  }

  #retryFailed(appointment: number, problem: Problem): void {
    if (problem.kind === "signed-out") return this.#leave("ended");
    const info = problem.kind === "refused" ? translated(problem.info) : say("retry.no-answer");
    this.store.dispatch({ type: "retry-failed", appointment, info });
  }

  async #begin(): Promise<void> {
    const answer = await api.session();
    if ("value" in answer) return this.#enter(answer.value);
    if (answer.problem.kind === "signed-out") return this.#leave("new");
    this.store.dispatch({ type: "no-answer" });
    this.#timer = setTimeout(() => void this.#begin(), REFRESH / 2);
  }

  async #enter(session: api.Session): Promise<void> {
    this.store.dispatch({ type: "signed-in", session });
    await this.#refresh();
  }

  #leave(reason: "new" | "ended" | "left"): void {
    clearTimeout(this.#timer);
    this.#listen(null);
    this.#looks++; // an answer under way is for somebody who has left
    this.store.dispatch({ type: "signed-out", reason });
  }

  #arrive(): void {
    this.store.dispatch({ type: "went", place: here() });
    void this.#refresh();
  }

  async #refresh(): Promise<void> {
    const { session } = this.store.state;
    if (typeof session === "string" || "reason" in session) return;
    clearTimeout(this.#timer);
    const mine = ++this.#looks;
    this.#followAddress();
    const problem = await this.#look(() => mine === this.#looks);
    if (mine !== this.#looks) return; // a newer look is under way, or the person has left
    if (problem?.kind === "signed-out") return this.#leave("ended");
    if (problem) this.store.dispatch({ type: "appointments-failed", problem });
    this.#listen(this.store.state.organization);
    this.#timer = setTimeout(() => void this.#refresh(), this.#pause());
  }

  #pause(): number {
    const isLive = this.#events?.source.readyState === EventSource.OPEN;
    return isLive && this.store.state.board.problem === null ? REFRESH_BESIDE_EVENTS : REFRESH;
  }

  /** Be told what changes in this organization; the browser connects again by itself after a cut. */
  #listen(organization: number | null): void {
    const { readyState } = this.#events?.source ?? {};
    if (this.#events?.organization === organization && readyState !== EventSource.CLOSED) return;
    this.#events?.source.close();
    this.#events = null;
    const own = this.store.state.organizations?.some(({ id }) => id === organization);
    if (organization === null || !own) return;
    const source = new EventSource(`/console/api/organizations/${organization}/events`);
    source.addEventListener("changed", () => {
      this.store.dispatch({ type: "something-changed" });
      void this.#refresh();
    });
    source.addEventListener("error", () => {
      clearTimeout(this.#timer); // from now on look often
      this.#timer = setTimeout(() => void this.#refresh(), REFRESH / 2);
    });
    this.#events = { organization, source };
  }

  /** Show what the address says: its organization and its day, or today, also after midnight. */
  #followAddress(): void {
    const place = here();
    const organization = organizationOf(place) ?? this.store.state.organization;
    this.store.dispatch({ type: "look-at", organization, day: dayOn(place) });
  }

  async #look(isWanted: () => boolean): Promise<Problem | null> {
    // Each time: roles are given and taken meanwhile.
    const [own, owned] = await Promise.all([api.organizations(), api.domains()]);
    if ("problem" in own) return own.problem;
    if ("problem" in owned) return owned.problem;
    if (!isWanted()) return null;
    this.store.dispatch({ type: "organizations", organizations: own.value });
    this.store.dispatch({ type: "domains", domains: owned.value });
    return (await this.#lookAtKnocks(isWanted)) ?? this.#lookAtBoard(isWanted);
  }

  async #lookAtKnocks(isWanted: () => boolean): Promise<Problem | null> {
    const { organization } = this.store.state;
    if (organization === null) return null;
    const answer = await api.knocks(organization);
    if ("problem" in answer) return answer.problem;
    if (isWanted()) this.store.dispatch({ type: "knocks", knocks: answer.value });
    return null;
  }

  async #lookAtBoard(isWanted: () => boolean): Promise<Problem | null> {
    const { organization, day, place } = this.store.state;
    if (organization === null || place.page !== "board") return null;
    const answer = await api.appointments(organization, day);
    if ("problem" in answer) return answer.problem;
    if (!isWanted()) return null;
    this.store.dispatch({ type: "appointments", shown: answer.value, at: Date.now() });
    return null;
  }
}

function here(): Place {
  return placeOf(location.pathname, location.search);
}

function organizationOf(place: Place): number | null {
  return "organization" in place ? place.organization : null;
}

function dayOn(place: Place): Day {
  return (place.page === "board" ? place.day : null) ?? dayOf(new Date());
}

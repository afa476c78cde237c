// What a person does at the console, and what the console does by itself.

import type { Problem } from "../core/server";
import { Store } from "../core/store";
import * as api from "./api";
import { dayOf, parseDay, type Day } from "./day";
import { first, reduce, type Event, type State } from "./state";

const REFRESH = 10_000;

/** One person's work at the console. */
export class Desk {
  readonly store: Store<State, Event>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looks = 0;

  constructor() {
    const { day, organization } = placeInAddress();
    this.store = new Store(reduce, first(day, organization));
  }

  /** Find out who is here, and keep what is shown fresh for as long as the page is open. */
  start(): void {
    void this.#begin();
    window.addEventListener("popstate", () => void this.#refresh());
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

  async signOut(): Promise<void> {
    await api.signOut();
    this.#leave("left");
  }

  /** Show a day of an organization, and remember it in the address; today needs no remembering. */
  lookAt(organization: number | null, day: Day): void {
    const address = new URL(location.href);
    if (day === dayOf(new Date())) address.searchParams.delete("day");
    else address.searchParams.set("day", day);
    if (organization !== null) address.searchParams.set("organization", String(organization));
    history.pushState(null, "", address);
    void this.#refresh();
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
    const info = problem.kind === "refused" ? problem.info : "the server does not answer";
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
    this.#looks++; // an answer under way is for somebody who has left
    this.store.dispatch({ type: "signed-out", reason });
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
    this.#timer = setTimeout(() => void this.#refresh(), REFRESH);
  }

  /** Show what the address says: its organization and its day, or today, also after midnight. */
  #followAddress(): void {
    const { day, organization } = placeInAddress();
    const shown = organization ?? this.store.state.organization;
    this.store.dispatch({ type: "look-at", organization: shown, day });
  }

  async #look(isWanted: () => boolean): Promise<Problem | null> {
    const own = await api.organizations(); // each time: roles are given and taken meanwhile
    if ("problem" in own) return own.problem;
    if (!isWanted()) return null;
    this.store.dispatch({ type: "organizations", organizations: own.value });
    const { organization, day } = this.store.state;
    if (organization === null) return null;
    const answer = await api.appointments(organization, day);
    if ("problem" in answer) return answer.problem;
    if (!isWanted()) return null;
    this.store.dispatch({ type: "appointments", shown: answer.value, at: Date.now() });
    return null;
  }
}

function placeInAddress(): { day: Day; organization: number | null } {
  const parameters = new URLSearchParams(location.search);
  const day = parseDay(parameters.get("day")) ?? dayOf(new Date());
  return { day, organization: Number(parameters.get("organization")) || null };
}

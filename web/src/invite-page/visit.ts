// Somebody's visit to an invite link: looks it up, and joins.

import { ask, type Answer } from "../core/server";
import { Store } from "../core/store";
import { FIRST, reduce, type Event, type Page } from "./page";

const AGAIN = 5_000;

export type Filled = { readonly name: string; readonly email: string; readonly password: string };

type Invited = { readonly team: string; readonly is_signed_in: boolean };
type Joined = { readonly team: string };

export class Visit {
  readonly store = new Store<Page, Event>(reduce, FIRST);
  readonly #tk: string;

  constructor(tk: string) {
    this.#tk = tk;
  }

  /** Look up the invitation; whoever is signed in joins at once (requirement C8). */
  async start(): Promise<void> {
    const answer = await ask<Invited>("invitations/look", { tk: this.#tk });
    if ("value" in answer && answer.value.is_signed_in) this.#settle(await this.#accept());
    else if ("value" in answer) this.store.dispatch({ type: "invited", team: answer.value.team });
    else this.store.dispatch({ type: "failed", problem: answer.problem });
    if (this.store.state === "unreachable") setTimeout(() => void this.start(), AGAIN);
  }

  async signUp(filled: Filled): Promise<void> {
    this.store.dispatch({ type: "joining" });
    this.#settle(await ask<Joined>("invitations/sign-up", { tk: this.#tk, ...filled }));
  }

  async signIn({ email, password }: Filled): Promise<void> {
    this.store.dispatch({ type: "joining" });
    const answer = await ask("sign-in", { email, password });
    if ("problem" in answer) this.store.dispatch({ type: "failed", problem: answer.problem });
    else this.#settle(await this.#accept());
  }

  #accept(): Promise<Answer<Joined>> {
    return ask<Joined>("invitations/accept", { tk: this.#tk });
  }

  #settle(answer: Answer<Joined>): void {
    if ("problem" in answer) {
      this.store.dispatch({ type: "failed", problem: answer.problem });
      return;
    }
    this.store.dispatch({ type: "joined", team: answer.value.team });
    location.replace("/console"); // the address with the token leaves the history
  }
}

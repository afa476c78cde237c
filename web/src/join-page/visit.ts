// Keeps the join page true: asks the server gently, at each turn, and when something changes here.

import { Store } from "../core/store";
import { browserStorage, readAddress, TabMemory } from "../core/tab-memory";
import { enter, look } from "./door";
import { FIRST, nextLook, reduce, type Event, type Page } from "./page";

/** One person's visit to a join link, such as "/a/abc". */
export class Visit {
  readonly store = new Store<Page, Event>(reduce, FIRST);
  readonly #link: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looks = 0;

  constructor(link: string) {
    this.#link = link;
  }

  /** Look now, and from then on for as long as the page is open. */
  start(): void {
    void this.#look();
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.#look();
    });
    window.addEventListener("online", () => void this.#look());
    window.addEventListener("offline", () => void this.#look());
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) this.#comeBack();
    });
  }

  /** Ask to be let in, and go to the call. */
  async join(): Promise<void> {
    if (this.store.state.entering === "busy") return;
    this.store.dispatch({ type: "entering" });
    const outcome = await enter(this.#link);
    if (outcome instanceof URL) this.#go(outcome);
    else if (outcome === "look-again") this.#comeBack();
    else this.store.dispatch(outcome);
  }

  /** Go to the call, which shall speak the same language and know the way back. */
  #go(url: URL): void {
    const { lang } = document.documentElement;
    if (lang !== "en") url.searchParams.set("lang", lang); // English is what rooms speak unless they say otherwise
    const { link } = this.store.state;
    const { room, token } = readAddress(url.href);
    if (typeof link === "object" && token !== null && url.origin === location.origin) {
      const { other_name: other, organization_name: organization } = link;
      new TabMemory(browserStorage("sessionStorage"), room).keepAppointment({ link: this.#link, other, organization }, token);
    }
    location.assign(url);
  }

  #comeBack(): void {
    this.store.dispatch({ type: "came-back" });
    void this.#look();
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    const mine = ++this.#looks;
    const event = await look(this.#link);
    if (mine !== this.#looks) return; // a newer look is under way
    this.store.dispatch(event);
    if (this.store.state.link === "wrong") return;
    this.#timer = setTimeout(() => void this.#look(), nextLook(this.store.state, Date.now()));
  }
}

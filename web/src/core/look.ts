// What a person, or the page around this one, changes about how the call is shown.

import type { Preference } from "./arrangement";
import type { Event, State } from "./state";
import type { Store } from "./store";
import type { Panel } from "./view";

export class Look {
  readonly #store: Store<State, Event>;

  constructor(store: Store<State, Event>) {
    this.#store = store;
  }

  /** Open this panel beside the call, or none. */
  show(panel: Panel | null): void {
    this.#store.dispatch({ type: "panel", panel });
  }

  prefer(preference: Preference): void {
    this.#store.dispatch({ type: "prefer", preference });
  }

  /** Hold somebody in front, by session id, or no longer. */
  pin(sessionId: string | null): void {
    this.#store.dispatch({ type: "pin", sessionId });
  }

  /** Speak this language; null for the room's. */
  speak(lang: string | null): void {
    this.#store.dispatch({ type: "language", lang });
  }
}

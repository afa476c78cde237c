/** Holds a state that only a pure reducer changes, one event after the other. Views subscribe and draw. */
export class Store<State, Event> {
  #state: State;
  readonly #reduce: (state: State, event: Event) => State;
  readonly #listeners = new Set<(after: State, before: State) => void>();
  readonly #waiting: Event[] = [];
  #dispatching = false;

  constructor(reduce: (state: State, event: Event) => State, initial: State) {
    this.#reduce = reduce;
    this.#state = initial;
  }

  get state(): State {
    return this.#state;
  }

  /** Apply the event. One that a listener dispatches waits until every listener has seen this one. */
  dispatch(event: Event): void {
    this.#waiting.push(event);
    if (this.#dispatching) return;
    this.#dispatching = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        this.#apply(next);
      }
    } finally {
      this.#dispatching = false;
    }
  }

  /** Call `listener` after each change; the answer ends that. */
  subscribe(listener: (after: State, before: State) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #apply(event: Event): void {
    const before = this.#state;
    this.#state = this.#reduce(before, event);
    if (this.#state === before) return;
    for (const listener of [...this.#listeners]) listener(this.#state, before);
  }
}

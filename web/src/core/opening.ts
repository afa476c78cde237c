// A room or a token that is not valid yet: the page tries again by itself once it is.

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Opening {
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Call `enter` at this time, in unix seconds; at the soonest in a second. */
  await(at: number, enter: () => void): void {
    const wait = Math.max(1000, at * 1000 - Date.now());
    this.#timer = setTimeout(enter, Math.min(wait, LONGEST_TIMER_MS));
  }

  forget(): void {
    clearTimeout(this.#timer);
  }
}

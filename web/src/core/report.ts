// Tells the appointment's staff what failed for a person on their page (requirement A26). Only pages that were
// reached by a join link report: its secret says whose page it is. It stays in this tab.

import type { Failure } from "./failures";

const MOST = 10;
const AGAIN_AFTER = 20_000;

/** Sends each failure once. */
export class Reporter {
  readonly #link: string | null;
  readonly #began: number;
  readonly #told = new Set<string>();

  /** `link`: the address of the join link, such as "/a/abc". */
  constructor(link: string | null, now: number) {
    this.#link = link?.split("/").at(-1) ?? null;
    this.#began = now;
  }

  tell({ code, message }: Failure, now: number): void {
    if (this.#link === null || this.#told.has(message) || this.#told.size >= MOST) return;
    this.#told.add(message);
    const report = {
      error_type: "videocall_error",
      error_code: code,
      error_message: message,
      feature_name: "videocall",
      response_time_ms: Math.min(Math.round(now - this.#began), 86_400_000),
      link: this.#link,
    };
    void this.#send(JSON.stringify(report), true);
  }

  async #send(body: string, mayRepeat: boolean): Promise<void> {
    try {
      await fetch("/v1/errors/report", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body,
        keepalive: true, // also while the page goes away
      });
    } catch {
      // Often it is the network itself that failed: it may be back by then.
      if (mayRepeat) setTimeout(() => void this.#send(body, false), AGAIN_AFTER);
    }
  }
}

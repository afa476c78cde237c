// The WebSocket to the server, kept open for as long as the person wants to be in the room.

import { CloseCode, type FromBrowser, type FromServer, type Hello } from "../protocol/messages.gen";

const PING_EVERY_MS = 5000;
const ANSWER_WITHIN_MS = 5000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 3000;

const FINAL_CODES: readonly number[] = [
  CloseCode.PROTOCOL_ERROR,
  CloseCode.REFUSED,
  CloseCode.TAKEN_OVER,
  CloseCode.ENDED,
  CloseCode.TOO_FAST,
  CloseCode.TOO_BIG,
];

/** How the connection to the server is. */
export type Line = "connecting" | "open" | "lost";

export interface SignallingOptions {
  url: string;
  /** The first message of each new connection. */
  hello: () => Hello;
  /** It has been sent. */
  onHello: () => void;
  onMessage: (message: FromServer) => void;
  onLine: (line: Line) => void;
  /** The server has ended it for good, with this code (docs/signalling.md). */
  onClosed: (code: number) => void;
  connect: (url: string) => WebSocket;
}

/** Milliseconds to wait before the next attempt, after so many that failed: at once, then growing. */
export function pauseBefore(failures: number): number {
  return failures === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 1.5 ** (failures - 1), LONGEST_PAUSE_MS);
}

/** Says hello, notices a dead connection within 10 seconds, and connects again until it is closed. */
export class Signalling {
  readonly #options: SignallingOptions;
  readonly #unsent: FromBrowser[] = [];
  #socket: WebSocket | null = null;
  #line: Line = "connecting";
  #failures = 0;
  #pinging: ReturnType<typeof setInterval> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SignallingOptions) {
    this.#options = options;
  }

  get line(): Line {
    return this.#line;
  }

  start(): void {
    clearTimeout(this.#retry);
    const socket = this.#options.connect(this.#options.url);
    this.#socket = socket;
    this.#expectAnswer();
    socket.onopen = () => {
      socket.send(JSON.stringify(this.#options.hello()));
      this.#options.onHello();
    };
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(String(data)) as FromServer);
    socket.onclose = ({ code }) => this.#lost(code);
  }

  /** Send now, or once the connection is there again. */
  send(message: FromBrowser): void {
    if (this.#line === "open") this.#socket?.send(JSON.stringify(message));
    else this.#unsent.push(message);
  }

  /** The machine woke up or the network changed: find out now whether the connection still lives. */
  wake(): void {
    if (this.#line === "open") this.#ping();
    else if (this.#socket === null) this.start();
  }

  close(): void {
    this.#drop()?.close(1000);
    clearTimeout(this.#retry);
  }

  #receive(message: FromServer): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    if (message.type === "welcome" || message.type === "joined" || message.type === "waiting") {
      this.#established(message.type === "welcome");
    }
    if (message.type !== "pong") this.#options.onMessage(message);
  }

  #established(isNewStay: boolean): void {
    if (this.#line === "open") return;
    this.#failures = 0;
    this.#pinging = setInterval(() => this.#ping(), PING_EVERY_MS);
    this.#setLine("open");
    const unsent = this.#unsent.splice(0);
    if (!isNewStay) for (const message of unsent) this.send(message);
  }

  #ping(): void {
    this.send({ type: "ping" });
    if (this.#deadline === undefined) this.#expectAnswer();
  }

  #expectAnswer(): void {
    this.#deadline = setTimeout(() => {
      const socket = this.#drop();
      socket?.close();
      this.#connectAgain();
    }, ANSWER_WITHIN_MS);
  }

  #lost(code: number): void {
    this.#drop();
    if (FINAL_CODES.includes(code)) this.#options.onClosed(code);
    else this.#connectAgain();
  }

  #connectAgain(): void {
    this.#setLine("lost");
    // Some randomness, so that a restarted server does not meet everybody at the same moment.
    const pause = pauseBefore(this.#failures++) * (0.75 + Math.random() / 2);
    this.#retry = setTimeout(() => this.start(), pause);
  }

  /** Let go of the socket; nothing that still comes from it counts. */
  #drop(): WebSocket | null {
    clearInterval(this.#pinging);
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    const socket = this.#socket;
    if (socket !== null) socket.onopen = socket.onmessage = socket.onclose = null;
    this.#socket = null;
    return socket;
  }

  #setLine(line: Line): void {
    if (line === this.#line) return;
    this.#line = line;
    this.#options.onLine(line);
  }
}

// Stands for the browser's WebSocket: a test is its server.

import type { FromBrowser, FromServer } from "../../protocol/messages.gen";

export class FakeSocket {
  readonly sent: FromBrowser[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  isClosed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as FromBrowser);
  }

  close(): void {
    this.isClosed = true;
  }

  /** The server accepts the connection, and answers the hello. */
  accept(...answers: FromServer[]): void {
    this.onopen?.();
    this.say(...answers);
  }

  say(...messages: FromServer[]): void {
    for (const message of messages) this.onmessage?.({ data: JSON.stringify(message) });
  }

  /** The connection ends at the server's side or on the way. */
  lose(code = 1006): void {
    this.isClosed = true;
    this.onclose?.({ code });
  }

  types(): string[] {
    return this.sent.map(({ type }) => type);
  }
}

/** Makes sockets as the browser would, and keeps them. */
export class FakeNetwork {
  readonly sockets: FakeSocket[] = [];

  readonly connect = (): WebSocket => {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket as unknown as WebSocket;
  };

  get latest(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("nobody has connected yet");
    return socket;
  }
}

// What this tab remembers over a reload: the right to be in the room. It ends with the tab, and never leaves it.

import type { Input } from "./devices";
import type { Line } from "./talk";

type Part = "token" | "resume" | "wishes" | "chat" | "appointment";

/** The appointment from whose page the person came. */
export interface KeptAppointment {
  /** Address of its page. */
  link: string;
  other: string;
  organization: string;
}

/** The address with which a page of a room was opened. */
export interface RoomAddress {
  room: string;
  /** The last `t` of the query; null without one. */
  token: string | null;
  /** `name` of the query: what the person may be called. */
  userName: string;
  /** `lang` of the query: the language that whoever made the link wishes; null without one. */
  lang: string | null;
  /** The same address without the token, for the address bar. */
  withoutToken: string;
}

export function readAddress(address: string): RoomAddress {
  const url = new URL(address);
  const token = url.searchParams.getAll("t").at(-1) || null;
  url.searchParams.delete("t");
  return {
    room: decodeURIComponent(url.pathname.replace(/^\/|\/+$/g, "")),
    token,
    userName: url.searchParams.get("name") ?? "",
    lang: url.searchParams.get("lang"),
    withoutToken: url.pathname + url.search + url.hash,
  };
}

/** The address that brings the token along, for another tab. */
export function withToken({ withoutToken }: RoomAddress, token: string | null): string {
  if (token === null) return withoutToken;
  const [path = "", hash = ""] = withoutToken.split("#");
  return `${path}${path.includes("?") ? "&" : "?"}t=${encodeURIComponent(token)}${hash && `#${hash}`}`;
}

export type TabStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Reading the property throws where the browser forbids storage. */
export function browserStorage(name: "sessionStorage" | "localStorage"): TabStorage {
  try {
    return window[name];
  } catch {
    return new PageStorage();
  }
}

/** For pages that the browser lets keep nothing, such as some embedded ones: lasts until a reload. */
export class PageStorage implements TabStorage {
  readonly #items = new Map<string, string>();

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }
}

/** Token, resume ticket and wishes of one room, for this tab only. */
export class TabMemory {
  readonly #storage: TabStorage;
  readonly #room: string;

  constructor(storage: TabStorage, room: string) {
    this.#storage = storage;
    this.#room = room;
  }

  get token(): string | null {
    return this.#read("token");
  }

  get resume(): string | null {
    return this.#read("resume");
  }

  /** Whether microphone and camera were on; null if the person has not said. */
  get wishes(): Partial<Record<Input, boolean>> | null {
    return JSON.parse(this.#read("wishes") ?? "null") as Partial<Record<Input, boolean>> | null;
  }

  /** The chat so far: a reload of the page should not lose it. */
  get lines(): readonly Line[] {
    return JSON.parse(this.#read("chat") ?? "[]") as Line[];
  }

  /** The appointment that led here with this very invitation; null if something else did. */
  get appointment(): KeptAppointment | null {
    const kept = JSON.parse(this.#read("appointment") ?? "null") as (KeptAppointment & { token: string }) | null;
    return kept !== null && kept.token === this.token ? kept : null;
  }

  /** Remember where the person comes from who goes into the call with this token. */
  keepAppointment(appointment: KeptAppointment, token: string): void {
    this.#write("appointment", JSON.stringify({ ...appointment, token }));
  }

  keepLines(lines: readonly Line[]): void {
    this.#write("chat", JSON.stringify(lines));
  }

  /** A new link is a new visit, perhaps of another person: what came before is forgotten. */
  arriveWith(token: string): void {
    if (token !== this.token) this.forget();
    this.#write("token", token);
  }

  keepResume(ticket: string): void {
    this.#write("resume", ticket);
  }

  keepWishes(wishes: Partial<Record<Input, boolean>>): void {
    this.#write("wishes", JSON.stringify(wishes));
  }

  forgetResume(): void {
    this.#storage.removeItem(this.#key("resume"));
  }

  /** The person has left; what was said stays with those who are in the call. */
  forgetLines(): void {
    this.#storage.removeItem(this.#key("chat"));
  }

  forget(): void {
    for (const part of ["token", "resume", "wishes", "chat"] as const) this.#storage.removeItem(this.#key(part));
  }

  #read(part: Part): string | null {
    return this.#storage.getItem(this.#key(part));
  }

  #write(part: Part, value: string): void {
    this.#storage.setItem(this.#key(part), value);
  }

  #key(part: Part): string {
    return `vestibule:${this.#room}:${part}`;
  }
}

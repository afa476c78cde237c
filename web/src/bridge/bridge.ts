// Lets a page around this one drive the call, in the protocol of Daily's iframes (reference daily-js-iframe).

import type { Call } from "../core/call";
import type { Look } from "../core/look";
import { type Embedder, presentationStore } from "../core/presentation";
import { isOver } from "../core/state";
import { understand } from "../core/talk";
import type { Asked } from "./daily";
import { events } from "./events";
import { Host, type HostAddress, hostAddress } from "./host";
import { type Invitation, invitationIn, presentationIn, themeIn } from "./invitation";
import { answerTo } from "./requests";
import { customProperties } from "./theme";

const CONFIGURATION_WITHIN_MS = 1000;

/** The bridge to the host that the query names; null if nobody there drives this page. */
export function bridgeFor(query: URLSearchParams): Bridge | null {
  const address = hostAddress(query);
  return address === null ? null : new Bridge(address);
}

/** The host's end of one visit: from `loaded` over `join-meeting` to `left-meeting`. */
export class Bridge implements Embedder {
  readonly canFullscreen = true;
  readonly presentation = presentationStore();
  readonly #host: Host;
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");
  #theme: unknown;
  #driven: { call: Call; look: Look } | null = null;
  /** Asked before there was a call, in order. */
  readonly #early: Asked[] = [];
  #joining: Asked | null = null;
  #invited: Invitation | null = null;
  #isFullscreen = false;
  #take: (asked: Asked) => void = () => undefined;

  constructor(address: HostAddress) {
    this.#host = new Host(address, (asked) => this.#hear(asked));
    this.#dark.onchange = () => this.#paint();
    addEventListener("pagehide", () => this.#goodbye());
  }

  /** Be told how to look, say that the page is there, and wait until the host has the person join. */
  async invitation(): Promise<Invitation> {
    const configuration = this.#expect("iframe-launch-config", CONFIGURATION_WITHIN_MS);
    this.#host.tell({ action: "iframe-ready-for-launch-config" });
    const early = await configuration;
    if (early !== null) this.#show(early);
    const joining = this.#expect("join-meeting");
    this.#host.tell({ action: "loaded" });
    this.#joining = await joining;
    this.#show(this.#joining?.properties);
    this.#invited = invitationIn(this.#joining?.properties);
    return this.#invited;
  }

  /** From now on the host hears of this call, and commands it. */
  drive(call: Call, look: Look): void {
    this.#driven = { call, look };
    const { activeSpeaker = null } = this.#invited ?? {};
    if (activeSpeaker !== null) look.prefer(activeSpeaker ? "speaker" : "grid");
    call.store.subscribe((after, before) => {
      for (const message of events(after, before)) {
        if (message.action === "left-meeting") this.#settleJoin({ error: "left before joining" });
        this.#host.tell(message);
        if (message.action === "joined-meeting") this.#joined(call);
      }
    });
    call.onAppMessage(({ sender, data }) => {
      if (isForHosts(data)) this.#host.tell({ action: "app-message", data, fromId: sender ?? "" });
    });
    for (const asked of this.#early.splice(0)) this.#hear(asked);
  }

  pressTrayButton(id: string): void {
    this.#host.tell({ action: "custom-button-click", button_id: id });
  }

  toggleFullscreen(): void {
    this.#host.tell({ action: this.#isFullscreen ? "request-exit-fullscreen" : "request-fullscreen" });
  }

  #hear(asked: Asked): void {
    if (asked.action === "iframe-launch-config" || asked.action === "join-meeting") return this.#take(asked);
    if (asked.action === "fullscreen") this.#isFullscreen = true;
    else if (asked.action === "exited-fullscreen") this.#isFullscreen = false;
    else if (this.#driven !== null) void this.#answer(this.#driven, asked);
    else if (asked.action === "leave-meeting") this.#leaveEarly(asked);
    else this.#early.push(asked);
  }

  /** The next message of this kind; null if it does not come in time. */
  #expect(action: string, withinMs?: number): Promise<Asked | null> {
    return new Promise((resolve) => {
      if (withinMs !== undefined) setTimeout(() => resolve(null), withinMs);
      this.#take = (asked) => {
        if (asked.action === action) resolve(asked);
      };
    });
  }

  async #answer(driven: { call: Call; look: Look }, asked: Asked): Promise<void> {
    const { presentation } = this;
    const desk = {
      ...driven,
      presentation,
      tell: this.#host.tell.bind(this.#host),
      setTheme: (theme: unknown) => this.#setTheme(theme),
    };
    this.#host.answer(asked, await answerTo(desk, asked));
  }

  #joined(call: Call): void {
    this.#settleJoin({});
    const { userData = null } = this.#invited ?? {};
    if (userData !== null) call.setUserData(userData);
  }

  #leaveEarly(asked: Asked): void {
    this.#host.answer(asked, {});
    this.#host.tell({ action: "left-meeting" });
  }

  #settleJoin(answer: object): void {
    if (this.#joining !== null) this.#host.answer(this.#joining, answer);
    this.#joining = null;
  }

  #show(properties: unknown): void {
    this.presentation.dispatch(presentationIn(properties));
    this.#setTheme((properties as { theme?: unknown } | null | undefined)?.theme);
  }

  #setTheme(theme: unknown): void {
    this.#theme = theme;
    this.#paint();
  }

  #paint(): void {
    const { light, dark } = themeIn(this.#theme);
    const { style } = document.documentElement;
    for (const name of [...style]) if (name.startsWith("--")) style.removeProperty(name);
    for (const [name, color] of Object.entries(customProperties(this.#dark.matches ? dark : light))) {
      style.setProperty(name, color);
    }
  }

  #goodbye(): void {
    if (this.#driven !== null && !isOver(this.#driven.call.store.state.stage)) this.#host.tell({ action: "left-meeting" });
  }
}

/** Hands, reactions and the like pass between our pages alone; hosts know the chat from Daily. */
function isForHosts(data: unknown): boolean {
  const said = understand(data);
  return said === null || said.event === "chat-msg";
}

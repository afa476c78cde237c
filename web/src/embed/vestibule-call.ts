// <vestibule-call url="…">: a call inside any web page, without a package to install. Served as /embed.js.
// Speaks the protocol of Daily's iframes with the page in its frame; web/src/bridge is the other end.

type Message = { action: string } & Record<string, unknown>;
type Participants = Record<string, Record<string, unknown>>;

export interface JoinOptions {
  url?: string;
  token?: string;
  userName?: string;
  lang?: string;
  startAudioOff?: boolean;
  startVideoOff?: boolean;
  theme?: object;
}

/** Why a call ended or never began; docs/embedding.md lists the types. */
export class CallError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = "CallError";
    this.type = type;
  }
}

const WHAT = "iframe-call-message";
const MAY = "microphone; camera; autoplay; display-capture; fullscreen; picture-in-picture; screen-wake-lock";
/** What screen readers call the frame, unless the page around says so with `aria-label`. */
const NAMES: Record<string, string> = {
  en: "Video call",
  ro: "Apel video",
  de: "Videogespräch",
  fr: "Appel vidéo",
  es: "Videollamada",
};
const CONFIGURE = "iframe-ready-for-launch-config";

// Constructed, because the page around may forbid inline styles.
const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { display: block; min-height: 20rem; }
  :host([hidden]) { display: none; }
  iframe { display: block; width: 100%; height: 100%; min-height: inherit; border: 0; }
`);

export class VestibuleCall extends HTMLElement {
  static readonly observedAttributes = ["url"];

  readonly #root = this.attachShadow({ mode: "closed" });
  #isListening = false;
  #frame: HTMLIFrameElement | null = null;
  #id = "";
  #origin = "";
  #options: object = {};
  #state = "new";
  #participants: Participants = {};
  #counts = { present: 0, hidden: 0 };
  #entering: { resolve: (participants: Participants) => void; reject: (error: CallError) => void } | null = null;
  #leaving: (() => void) | null = null;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [sheet];
  }

  connectedCallback(): void {
    addEventListener("message", this.#hear);
    this.#isListening = true;
    this.#followUrl();
  }

  disconnectedCallback(): void {
    removeEventListener("message", this.#hear);
    this.#isListening = false;
    this.#drop();
  }

  attributeChangedCallback(): void {
    if (this.#isListening) this.#followUrl();
  }

  /** `new`, `joining-meeting`, `joined-meeting`, `left-meeting` or `error`. */
  get meetingState(): string {
    return this.#state;
  }

  /** Everybody in the call by session id; the person at this page under `local`. */
  participants(): Participants {
    return { ...this.#participants };
  }

  participantCounts(): { present: number; hidden: number } {
    return { ...this.#counts };
  }

  /** Enter, as the attributes and these options say. Resolves with the participants, or rejects with a CallError. */
  join(options: JoinOptions = {}): Promise<Participants> {
    const { url, ...given } = { ...this.#attributes(), ...options };
    if (!url) return Promise.reject(new CallError("no-url", "<vestibule-call> needs the url of a room"));
    this.#drop();
    this.#options = { showLeaveButton: !this.hasAttribute("no-leave-button"), ...given };
    this.#state = "joining-meeting";
    return new Promise((resolve, reject) => {
      this.#entering = { resolve, reject };
      this.#open(new URL(url, location.href));
    });
  }

  /** Leave the call; the frame goes on showing the page's last words. */
  leave(): Promise<void> {
    if (this.#state !== "joining-meeting" && this.#state !== "joined-meeting") return Promise.resolve();
    return new Promise((resolve) => {
      this.#leaving = resolve;
      this.#ask({ action: "leave-meeting" });
    });
  }

  setLocalAudio(on: boolean): void {
    this.#ask({ action: "local-audio", state: on });
  }

  setLocalVideo(on: boolean): void {
    this.#ask({ action: "local-video", state: on });
  }

  startScreenShare(): void {
    this.#ask({ action: "local-screen-start" });
  }

  stopScreenShare(): void {
    this.#ask({ action: "local-screen-stop" });
  }

  /** To everybody in the call, or to the sessions named. */
  sendAppMessage(data: unknown, to: string | string[] = "*"): void {
    this.#ask({ action: "app-msg", data, to });
  }

  setTheme(theme: object): void {
    this.#ask({ action: "set-theme", theme });
  }

  #attributes(): JoinOptions {
    const [url, token, userName, lang] = ["url", "token", "user-name", "lang"].map((name) => this.getAttribute(name));
    return { ...(url && { url }), ...(token && { token }), ...(userName && { userName }), ...(lang && { lang }) };
  }

  #followUrl(): void {
    // What goes wrong is told as an `error` event.
    if (this.hasAttribute("url")) this.join().catch(() => undefined);
  }

  #open(url: URL): void {
    this.#id = crypto.randomUUID();
    this.#origin = url.origin;
    url.searchParams.set("emb", this.#id);
    url.searchParams.set("embHref", location.origin);
    const frame = document.createElement("iframe");
    frame.allow = MAY;
    const [language = ""] = (this.getAttribute("lang") ?? document.documentElement.lang).split("-");
    frame.title = this.getAttribute("aria-label") ?? NAMES[language] ?? "Video call";
    frame.src = url.href;
    this.#frame = frame;
    this.#root.append(frame);
  }

  #drop(): void {
    this.#frame?.remove();
    this.#frame = null;
    this.#end();
    this.#state = "new";
  }

  #ask(message: Message): void {
    const addressed = { what: WHAT, from: "module", callClientId: this.#id, ...message };
    this.#frame?.contentWindow?.postMessage(addressed, this.#origin);
  }

  readonly #hear = ({ source, origin, data }: MessageEvent): void => {
    if (source === null || source !== this.#frame?.contentWindow || origin !== this.#origin) return;
    if (data?.what !== WHAT || data.from === "module" || data.callClientId !== this.#id) return;
    const { what: _what, from: _from, callClientId: _id, ...message } = data;
    this.#take(message);
  };

  #take(message: Message): void {
    if (message.action === CONFIGURE) return this.#ask({ action: "iframe-launch-config", ...this.#options });
    this.#reactions[message.action]?.(message);
    this.dispatchEvent(new CustomEvent(message.action, { detail: message }));
  }

  readonly #reactions: Record<string, (message: Message) => void> = {
    loaded: () => this.#ask({ action: "join-meeting", properties: this.#options }),
    "joined-meeting": ({ participants }) => {
      this.#state = "joined-meeting";
      this.#participants = { ...(participants as Participants) };
      this.#entering?.resolve(this.participants());
      this.#entering = null;
    },
    "participant-joined": ({ participant }) => this.#keep(participant as Participants[string]),
    "participant-updated": ({ participant }) => this.#keep(participant as Participants[string]),
    "participant-left": ({ participant }) => {
      delete this.#participants[String((participant as Participants[string]).session_id)];
    },
    "participant-counts-updated": ({ participantCounts }) => {
      this.#counts = participantCounts as { present: number; hidden: number };
    },
    error: ({ errorMsg, error }) => {
      this.#state = "error";
      const { type = "unknown" } = (error ?? {}) as { type?: string };
      this.#entering?.reject(new CallError(type, String(errorMsg)));
      this.#entering = null;
    },
    "left-meeting": () => this.#end(),
    "request-fullscreen": () => void this.requestFullscreen(),
    "request-exit-fullscreen": () => void document.exitFullscreen(),
  };

  #keep(participant: Participants[string]): void {
    this.#participants[participant.local === true ? "local" : String(participant.session_id)] = participant;
  }

  #end(): void {
    if (this.#state !== "error") this.#state = "left-meeting";
    this.#participants = {};
    this.#entering?.reject(new CallError("left", "the call was left before it began"));
    this.#leaving?.();
    this.#entering = this.#leaving = null;
  }
}

if (!customElements.get("vestibule-call")) customElements.define("vestibule-call", VestibuleCall);

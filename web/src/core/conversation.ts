// Chat, hands and reactions of one person's call, over whatever carries app messages.

import type { ParticipantView } from "../protocol/messages.gen";
import type { Call } from "./call";
import { type Event, type InCall, isOver, type Stage, type State } from "./state";
import type { Store } from "./store";
import type { TabMemory } from "./tab-memory";
import { historyParts, type Line, MAX_NOTE_LENGTH, MAX_TEXT_LENGTH, type Reaction, type Said, understand } from "./talk";

/** How long somebody may take to send the history before somebody else is asked. */
const HISTORY_WITHIN_MS = 2000;
const MOST_ASKED = 3;

export interface ConversationOptions {
  call: Pick<Call, "store" | "sendAppMessage" | "onAppMessage">;
  memory: TabMemory;
}

/** Says what the person says, and takes what the others say, for as long as the page is open. */
export class Conversation {
  readonly #store: Store<State, Event>;
  readonly #options: ConversationOptions;
  #note = "";
  #asking: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#store = options.call.store;
    this.#store.subscribe((after, before) => this.#follow(after, before));
    options.call.onAppMessage(({ sender, data }) => this.#receive(sender, data));
  }

  /** Write to everybody. */
  write(text: string): void {
    const message = text.trim().slice(0, MAX_TEXT_LENGTH);
    const call = this.#call();
    if (message === "" || call === null) return;
    const at = Date.now();
    const id = `${call.you.session_id}:${at}:${Math.random().toString(36).slice(2)}`;
    const name = call.you.user_name;
    this.#send({ event: "chat-msg", id, message, name, date: new Date(at).toISOString() }, null);
    this.#take({ id, name, text: message, at, isOwn: true });
  }

  raiseHand(up: boolean): void {
    const call = this.#call();
    if (call === null) return;
    this.#send({ event: "hand", up }, null);
    this.#dispatch({ type: "hand", sessionId: call.you.session_id, up });
  }

  react(reaction: Reaction): void {
    const call = this.#call();
    if (call === null) return;
    this.#send({ event: "reaction", reaction }, null);
    this.#dispatch({ type: "reaction", sessionId: call.you.session_id, reaction });
  }

  /** Write from the lobby to those who may open, or from the call to somebody who waits. */
  leaveNote(text: string, to: string[] | null = null): void {
    const note = text.trim().slice(0, MAX_NOTE_LENGTH);
    if (note === "") return;
    if (to === null) this.#note = note;
    this.#send({ event: "lobby-note", text: note }, to);
  }

  #follow({ stage }: State, { stage: before }: State): void {
    if (stage === before) return;
    if (stage.name === "lobby" && stage.ownerPresent && before.name === "lobby" && !before.ownerPresent) {
      // Somebody who may open has just come, and should see the note too.
      if (this.#note !== "") this.#send({ event: "lobby-note", text: this.#note }, null);
    }
    if (stage.name === "call") this.#followCall(stage, before);
    if (stage.name === "left") this.#options.memory.forgetLines();
    if (isOver(stage)) clearTimeout(this.#asking);
  }

  #followCall(call: InCall, before: Stage): void {
    if (before.name !== "call" || before.you.session_id !== call.you.session_id) return this.#entered(call);
    if (!this.#isHandUp(call) || call.others === before.others) return;
    const newcomers = call.others.filter(({ session_id }) => !isThere(before, session_id));
    if (newcomers.length > 0) this.#send({ event: "hand", up: true }, newcomers.map(({ session_id }) => session_id));
  }

  /** The person is in the call, anew or after a reload: what was said before is asked for. */
  #entered(call: InCall): void {
    this.#note = "";
    if (this.#store.state.room?.enable_chat !== true) return;
    this.#remember(this.#options.memory.lines);
    if (this.#sharesHistory()) this.#ask([...call.others].sort(byStay).slice(0, MOST_ASKED));
  }

  /** `sender` is null for the customer's own programs, which may write into the chat. */
  #receive(sender: string | null, data: unknown): void {
    const said = understand(data);
    if (said === null) return;
    if (sender === null) return said.event === "chat-msg" ? this.#take({ ...lineOf(said), isOwn: false }) : undefined;
    const { stage } = this.#store.state;
    if (said.event === "lobby-note") return this.#dispatch({ type: "note", sessionId: sender, text: said.text });
    if (stage.name !== "call" || !isThere(stage, sender)) return;
    switch (said.event) {
      case "chat-msg":
        return this.#take({ ...lineOf(said), isOwn: false });
      case "request-chat-history":
        return this.#tellHistory(sender);
      case "chat-history":
        clearTimeout(this.#asking);
        return this.#remember(said.lines.map((line) => ({ ...line, isOwn: false })));
      case "hand":
        return this.#dispatch({ type: "hand", sessionId: sender, up: said.up });
      case "reaction":
        return this.#dispatch({ type: "reaction", sessionId: sender, reaction: said.reaction as Reaction });
    }
  }

  #take(line: Line): void {
    this.#dispatch({ type: "chat", line });
    this.#options.memory.keepLines(this.#store.state.talk.lines);
  }

  #remember(lines: readonly Line[]): void {
    this.#dispatch({ type: "history", lines });
    this.#options.memory.keepLines(this.#store.state.talk.lines);
  }

  /** Ask one after the other, those first who have been there longest, until one answers. */
  #ask([first, ...rest]: ParticipantView[]): void {
    clearTimeout(this.#asking);
    if (first === undefined) return;
    this.#send({ event: "request-chat-history" }, [first.session_id]);
    this.#asking = setTimeout(() => this.#ask(rest), HISTORY_WITHIN_MS);
  }

  #tellHistory(to: string): void {
    if (!this.#sharesHistory()) return;
    for (const part of historyParts(this.#store.state.talk.lines)) this.#send(part, [to]);
  }

  #sharesHistory(): boolean {
    const { room } = this.#store.state;
    return room?.enable_chat === true && room.enable_shared_chat_history;
  }

  #isHandUp({ you }: InCall): boolean {
    return this.#store.state.talk.hands.includes(you.session_id);
  }

  #call(): InCall | null {
    const { stage } = this.#store.state;
    return stage.name === "call" ? stage : null;
  }

  #send(said: Said, to: string[] | null): void {
    this.#options.call.sendAppMessage(said, to);
  }

  #dispatch(event: Event): void {
    this.#store.dispatch(event);
  }
}

const byStay = (one: ParticipantView, other: ParticipantView): number => one.joined_at - other.joined_at;

const isThere = ({ others }: InCall, sessionId: string): boolean =>
  others.some(({ session_id }) => session_id === sessionId);

function lineOf({ id, name, message, date }: Extract<Said, { event: "chat-msg" }>): Omit<Line, "isOwn"> {
  const at = Date.parse(date);
  return { id, name, text: message, at: Number.isNaN(at) ? Date.now() : at };
}

// What people say to each other besides sound and picture: chat, raised hands, reactions. It travels in app
// messages, which the server only passes on (docs/decisions/0019-chat.md).

/** Longest text of a chat message: so that its app message stays below 4 KiB in any script. */
export const MAX_TEXT_LENGTH = 900;
export const MAX_NOTE_LENGTH = 300;
export const REACTIONS = ["👍", "❤️", "👏", "😂", "😮", "🎉"] as const;
export type Reaction = (typeof REACTIONS)[number];

const MOST_LINES = 500;
const MOST_REACTIONS = 12;
/** Bytes of the lines in one message with a part of the history; an app message holds 4 KiB. */
const PART_BYTES = 3800;

const encoder = new TextEncoder();

export interface Line {
  id: string;
  /** Who wrote it, as they were called then. */
  name: string;
  text: string;
  /** Unix milliseconds, by the writer's clock. */
  at: number;
  isOwn: boolean;
}

export interface Shown {
  id: number;
  sessionId: string;
  reaction: Reaction;
}

export interface Talk {
  /** The chat, oldest first. */
  lines: readonly Line[];
  /** How many of `lines` the person has not seen. */
  unread: number;
  /** Session ids of those whose hand is up, in the order of raising. */
  hands: readonly string[];
  /** The newest reactions; views let them fade. */
  reactions: readonly Shown[];
}

export const nothingSaid: Talk = { lines: [], unread: 0, hands: [], reactions: [] };

/** What pages send each other; the names of the chat's fields are those that Daily's page uses. */
export type Said =
  | { event: "chat-msg"; id: string; message: string; name: string; date: string }
  | { event: "request-chat-history" }
  | { event: "chat-history"; lines: Pick<Line, "id" | "name" | "text" | "at">[] }
  | { event: "hand"; up: boolean }
  | { event: "reaction"; reaction: string }
  | { event: "lobby-note"; text: string };

export function addLine(talk: Talk, line: Line, isSeen: boolean): Talk {
  if (talk.lines.some(({ id }) => id === line.id)) return talk;
  return {
    ...talk,
    lines: [...talk.lines, line].slice(-MOST_LINES),
    unread: isSeen || line.isOwn ? talk.unread : talk.unread + 1,
  };
}

/** What was said before, from others or from before a reload; it is no news. */
export function addHistory(talk: Talk, earlier: readonly Line[]): Talk {
  const known = new Set(talk.lines.map(({ id }) => id));
  const missing = earlier.filter(({ id }) => !known.has(id));
  if (missing.length === 0) return talk;
  const lines = [...missing, ...talk.lines].sort((one, other) => one.at - other.at);
  return { ...talk, lines: lines.slice(-MOST_LINES) };
}

export function setHand(talk: Talk, sessionId: string, up: boolean): Talk {
  if (talk.hands.includes(sessionId) === up) return talk;
  const others = talk.hands.filter((hand) => hand !== sessionId);
  return { ...talk, hands: up ? [...others, sessionId] : others };
}

export function addReaction(talk: Talk, sessionId: string, reaction: Reaction): Talk {
  const id = (talk.reactions.at(-1)?.id ?? 0) + 1;
  return { ...talk, reactions: [...talk.reactions, { id, sessionId, reaction }].slice(-MOST_REACTIONS) };
}

/** What another page said, or null if it is nothing that we understand: programs send app messages of their own. */
export function understand(data: unknown): Said | null {
  if (typeof data !== "object" || data === null || !("event" in data)) return null;
  const said = data as Record<string, unknown>;
  switch (said["event"]) {
    case "chat-msg":
      return chatMessage(said);
    case "request-chat-history":
      return { event: "request-chat-history" };
    case "chat-history":
      return { event: "chat-history", lines: linesOf(said["lines"]) };
    case "hand":
      return { event: "hand", up: said["up"] === true };
    case "reaction":
      return isReaction(said["reaction"]) ? { event: "reaction", reaction: said["reaction"] } : null;
    case "lobby-note":
      return { event: "lobby-note", text: text(said["text"]).slice(0, MAX_NOTE_LENGTH) };
    default:
      return null;
  }
}

/** The history in parts that each fit into one app message. */
export function historyParts(lines: readonly Line[]): Extract<Said, { event: "chat-history" }>[] {
  const parts: Extract<Said, { event: "chat-history" }>[] = [];
  let bytes = PART_BYTES;
  for (const { id, name, text, at } of lines) {
    const line = { id, name, text, at };
    const own = encoder.encode(JSON.stringify(line)).length + 1;
    if (bytes + own > PART_BYTES) {
      parts.push({ event: "chat-history", lines: [] });
      bytes = 0;
    }
    parts.at(-1)?.lines.push(line);
    bytes += own;
  }
  return parts.length > 0 ? parts : [{ event: "chat-history", lines: [] }];
}

export const isReaction = (value: unknown): value is Reaction => (REACTIONS as readonly unknown[]).includes(value);

function chatMessage(said: Record<string, unknown>): Said | null {
  const message = text(said["message"]).slice(0, MAX_TEXT_LENGTH);
  if (message.trim() === "") return null;
  const [name, date] = [text(said["name"]), text(said["date"])];
  // Programs that write into the chat give no id.
  return { event: "chat-msg", id: text(said["id"]) || `${date} ${name} ${message}`, message, name, date };
}

function linesOf(value: unknown): Pick<Line, "id" | "name" | "text" | "at">[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter((line): line is Record<string, unknown> => typeof line === "object" && line !== null)
    .map((line) => ({
      id: text(line["id"]),
      name: text(line["name"]),
      text: text(line["text"]).slice(0, MAX_TEXT_LENGTH),
      at: typeof line["at"] === "number" ? line["at"] : 0,
    }))
    .filter((line) => line.id !== "" && line.text !== "");
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

import { useEffect, useRef, useState } from "preact/hooks";
import type { State } from "../core/state";
import { type Line, MAX_TEXT_LENGTH, REACTIONS } from "../core/talk";
import { Icon } from "../ui/icon";
import { useCallPage } from "./context";
import { piecesOf } from "./links";
import { Panel } from "./panel";

/** The text chat. */
export function ChatPanel({ state }: { state: State }) {
  const { say } = useCallPage();
  const { lines } = state.talk;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [lines.length]);
  return (
    <Panel id="chat" title={say("chat")}>
      <div ref={list} class="chat-lines" role="log" aria-label={say("chat.messages")} tabIndex={0}>
        {lines.length === 0 && <p class="chat-empty">{say("chat.empty")}</p>}
        {lines.map((line, index) => (
          <ChatLine key={line.id} line={line} before={lines[index - 1]} />
        ))}
      </div>
      <ChatForm hasEmoji={state.room?.enable_advanced_chat === true} />
    </Panel>
  );
}

/** Lines of one person that follow each other soon stand under one name. */
const TOGETHER_MS = 5 * 60_000;

function ChatLine({ line, before }: { line: Line; before: Line | undefined }) {
  const { say, locale } = useCallPage();
  const follows = before?.name === line.name && before.isOwn === line.isOwn && line.at - before.at < TOGETHER_MS;
  const time = new Intl.DateTimeFormat(locale, { timeStyle: "short" }).format(line.at);
  return (
    <div class={`chat-line${line.isOwn ? " chat-own" : ""}`}>
      <p class={follows ? "visually-hidden" : "chat-who"}>
        <strong>{line.isOwn ? say("tile.you") : line.name || say("guest")}</strong>{" "}
        <time dateTime={new Date(line.at).toISOString()}>{time}</time>
      </p>
      <p class="chat-text">
        {piecesOf(line.text).map(({ text, isLink }, index) =>
          isLink ? (
            <a key={index} href={text} target="_blank" rel="noopener noreferrer">
              {text}
            </a>
          ) : (
            text
          ),
        )}
      </p>
    </div>
  );
}

function ChatForm({ hasEmoji }: { hasEmoji: boolean }) {
  const { conversation, say } = useCallPage();
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const send = () => {
    conversation.write(text);
    setText("");
    field.current?.focus();
  };
  return (
    <form
      class="chat-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {hasEmoji && (
        <div class="chat-emoji" role="group" aria-label={say("chat.emoji")}>
          {REACTIONS.map((emoji) => (
            <button key={emoji} type="button" class="reaction" onClick={() => setText(text + emoji)}>
              {emoji}
            </button>
          ))}
        </div>
      )}
      <label class="visually-hidden" for="chat-text">
        {say("chat.write")}
      </label>
      <textarea
        ref={field}
        id="chat-text"
        rows={2}
        maxLength={MAX_TEXT_LENGTH}
        placeholder={say("chat.write")}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <button type="submit" class="button button-primary chat-send" aria-label={say("chat.send")}>
        <Icon name="send" />
      </button>
    </form>
  );
}

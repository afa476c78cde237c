// What stands on the browser's tab.

import type { State } from "../core/state";
import type { CallKey } from "../ui/messages/en/call";
import type { Say } from "../ui/messages/say";

/** The title says the state first, because tabs are narrow. */
export function titleOf({ stage }: State, room: string, say: Say<CallKey>): string {
  switch (stage.name) {
    case "loading":
      return say("loading");
    case "prejoin":
      return `${say("prejoin")} · ${room}`;
    case "lobby":
      return `${say("lobby")} · ${room}`;
    case "call":
      return say("call", { room });
    case "refused":
      return say(`refused.${stage.reason}`);
    case "left":
      return `${say("ended.left")} · ${room}`;
    case "ended":
      return `${say(`ended.${stage.reason}`)} · ${room}`;
  }
}

// Keys that do what buttons do. All have Alt, so that they never come between a person and a text or a screen reader.

import { showsAlike } from "../core/arrangement";
import type { State } from "../core/state";
import type { PageParts } from "./context";

/** As `aria-keyshortcuts` has them. */
export const KEYS = {
  microphone: "Alt+M",
  camera: "Alt+V",
  share: "Alt+S",
  hand: "Alt+H",
  chat: "Alt+C",
  people: "Alt+P",
  layout: "Alt+G",
  fullscreen: "Alt+F",
} as const;

export type Shortcut = keyof typeof KEYS;

type Press = Pick<KeyboardEvent, "altKey" | "ctrlKey" | "metaKey" | "shiftKey" | "code" | "repeat">;

/** The shortcut that these keys are; by their place on the keyboard, for Alt types signs on some. */
export function shortcutOf({ altKey, ctrlKey, metaKey, shiftKey, code, repeat }: Press): Shortcut | null {
  if (!altKey || ctrlKey || metaKey || shiftKey || repeat) return null;
  const found = Object.entries(KEYS).find(([, keys]) => `Key${keys.slice("Alt+".length)}` === code);
  return (found?.[0] as Shortcut | undefined) ?? null;
}

/** The shortcuts that do something in this room. */
export function shortcutsIn(room: State["room"]): Shortcut[] {
  const allowed: Partial<Record<Shortcut, boolean | undefined>> = {
    share: room?.enable_screenshare,
    hand: room?.enable_hand_raising,
    chat: room?.enable_chat,
    people: room?.enable_people_ui,
  };
  return (Object.keys(KEYS) as Shortcut[]).filter((shortcut) => allowed[shortcut] !== false);
}

/** Do what the shortcut stands for. */
export function perform(shortcut: Shortcut, { call, conversation, embedder, look }: PageParts): void {
  const { devices, room, stage, talk, view } = call.store.state;
  if (stage.name !== "call" || !shortcutsIn(room).includes(shortcut)) return;
  const actions: Record<Shortcut, () => unknown> = {
    microphone: () => call.setInput("microphone", !devices.microphone.wanted),
    camera: () => call.setInput("camera", !devices.camera.wanted),
    share: () => (devices.sharing ? call.stopSharing() : call.shareScreen()),
    hand: () => conversation.raiseHand(!talk.hands.includes(stage.you.session_id)),
    chat: () => look.show(view.panel === "chat" ? null : "chat"),
    people: () => look.show(view.panel === "people" ? null : "people"),
    layout: () => look.prefer(showsAlike(view.preference, stage.others.length) ? "speaker" : "grid"),
    fullscreen: () => embedder.toggleFullscreen(),
  };
  actions[shortcut]();
}

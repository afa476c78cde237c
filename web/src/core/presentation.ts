// How a host page that drives the call wants it to be shown. Nothing here gives a right.

import { Store } from "./store";

/** A button of the host in the row of buttons below the call. */
export interface TrayButton {
  id: string;
  label: string;
  tooltip: string;
  iconPath: string;
  /** Shown on dark ground; empty if there is none. */
  iconPathDarkMode: string;
  look: "default" | "sidebar-open" | "active";
}

/** The sidebars that hosts can open; null for none. */
export type Sidebar = "people" | "chat" | "network" | null;

export interface Presentation {
  /** A host begins and ends the visits, so the page offers no way back of its own. */
  driven: boolean;
  leaveButton: boolean;
  fullscreenButton: boolean;
  localVideo: boolean;
  names: boolean;
  participantsBar: boolean;
  /** Whoever speaks is shown large; null: as the person chooses. */
  activeSpeaker: boolean | null;
  sidebar: Sidebar;
  fullscreen: boolean;
  trayButtons: TrayButton[];
}

export const plain: Presentation = {
  driven: false,
  leaveButton: true,
  fullscreenButton: true,
  localVideo: true,
  names: true,
  participantsBar: true,
  activeSpeaker: null,
  sidebar: null,
  fullscreen: false,
  trayButtons: [],
};

export type PresentationStore = Store<Presentation, Partial<Presentation>>;

export function presentationStore(first: Partial<Presentation> = {}): PresentationStore {
  return new Store((state, change) => ({ ...state, ...change }), { ...plain, ...first });
}

/** The page around this one, as far as views talk to it. */
export interface Embedder {
  readonly presentation: PresentationStore;
  pressTrayButton(id: string): void;
  /** Pages in frames may mostly not do it themselves: the host is asked. */
  setFullscreen(on: boolean): void;
}

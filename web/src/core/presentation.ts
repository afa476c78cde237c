// How a host page that drives the call wants it to be shown, beside what `Look` changes. Nothing here gives a right.

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

export interface Presentation {
  /** A host begins and ends the visits, so the page offers no way back of its own. */
  driven: boolean;
  leaveButton: boolean;
  localVideo: boolean;
  names: boolean;
  trayButtons: TrayButton[];
}

export const plain: Presentation = {
  driven: false,
  leaveButton: true,
  localVideo: true,
  names: true,
  trayButtons: [],
};

export type PresentationStore = Store<Presentation, Partial<Presentation>>;

export function presentationStore(): PresentationStore {
  return new Store((state, change) => ({ ...state, ...change }), plain);
}

/** The page around this one, as far as views talk to it. */
export interface Embedder {
  readonly presentation: PresentationStore;
  /** False where the browser gives no fullscreen, neither to this page nor to the one around it. */
  readonly canFullscreen: boolean;
  toggleFullscreen(): void;
  pressTrayButton(id: string): void;
}

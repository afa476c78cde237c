// Whether a page around this one drives the call.

import type { Bridge } from "../bridge/bridge";
import { type Embedder, presentationStore } from "../core/presentation";
import { canFullscreen, toggleFullscreen } from "./screen-modes";

/** The bridge to the host that the address names, loaded only then; null for a page on its own or in a plain frame. */
export async function bridgeToHost(query: URLSearchParams): Promise<Bridge | null> {
  if (window.parent === window || !query.has("emb")) return null;
  const { bridgeFor } = await import("../bridge/bridge");
  return bridgeFor(query);
}

/** For pages that nobody drives. */
export const nobody: Embedder = {
  presentation: presentationStore(),
  canFullscreen,
  toggleFullscreen: () => void toggleFullscreen(),
  pressTrayButton: () => undefined,
};

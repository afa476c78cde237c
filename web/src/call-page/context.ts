// What every view of the call page can reach.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Call } from "../core/call";
import type { Embedder, Presentation } from "../core/presentation";
import { useStore } from "../ui/use-store";
import type { CallKey } from "../ui/messages/en/call";
import type { Say } from "../ui/messages/say";

export interface CallPage {
  call: Call;
  /** The page around this one. */
  embedder: Embedder;
  say: Say<CallKey>;
  /** How dates and times are written. */
  locale: string;
  /** The texts of the right language are there; until then no text but that of loading is shown. */
  isReady: boolean;
}

export const CallPageContext = createContext<CallPage | null>(null);

export function useCallPage(): CallPage {
  const page = useContext(CallPageContext);
  if (page === null) throw new Error("a view of the call page stands outside of it");
  return page;
}

/** How the page around this one wants the call to be shown. */
export function usePresentation(): Presentation {
  return useStore(useCallPage().embedder.presentation);
}

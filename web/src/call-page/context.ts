// What every view of the call page can reach.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Call } from "../core/call";
import type { Conversation } from "../core/conversation";
import type { Look } from "../core/look";
import type { Embedder, Presentation } from "../core/presentation";
import type { KeptAppointment } from "../core/tab-memory";
import { useStore } from "../ui/use-store";
import type { CallKey } from "../ui/messages/en/call";
import type { Say } from "../ui/messages/say";

/** What stays the same for as long as the page is open. */
export interface PageParts {
  call: Call;
  conversation: Conversation;
  look: Look;
  /** The page around this one. */
  embedder: Embedder;
  /** The appointment from whose page the person came; null if they came otherwise. */
  appointment: KeptAppointment | null;
  /** Opens this page with the person's right to enter in a tab of its own; null where a host brings people in. */
  ownAddress: string | null;
}

export interface CallPage extends PageParts {
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

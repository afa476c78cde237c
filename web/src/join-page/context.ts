// What every view of the join page can reach.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { JoinKey } from "../ui/messages/en/join";
import type { Say } from "../ui/messages/say";

export interface JoinPageContent {
  say: Say<JoinKey>;
  /** How dates and times are written. */
  locale: string;
}

export const JoinPageContext = createContext<JoinPageContent | null>(null);

export function useJoinPage(): JoinPageContent {
  const page = useContext(JoinPageContext);
  if (page === null) throw new Error("a view of the join page stands outside of it");
  return page;
}

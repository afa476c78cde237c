// The page of an invite link as a value: what is known, and how each event changes it.

import type { Problem } from "../core/server";

/** Whether the person has an account already: which form to show. */
export type Person = "new" | "known";

export type Form = {
  readonly team: string;
  readonly person: Person;
  readonly busy: boolean;
  readonly problem: Problem | null;
};

export type Page = "loading" | "unreachable" | "wrong" | Form | { readonly joined: string };

export type Event =
  | { readonly type: "invited"; readonly team: string }
  | { readonly type: "failed"; readonly problem: Problem }
  | { readonly type: "switched"; readonly person: Person }
  | { readonly type: "joining" }
  | { readonly type: "joined"; readonly team: string };

export const FIRST: Page = "loading";

export function reduce(page: Page, event: Event): Page {
  switch (event.type) {
    case "invited":
      return { team: event.team, person: "new", busy: false, problem: null };
    case "failed":
      return failed(page, event.problem);
    case "switched":
      return isForm(page) ? { ...page, person: event.person, problem: null } : page;
    case "joining":
      return isForm(page) ? { ...page, busy: true, problem: null } : page;
    case "joined":
      return { joined: event.team };
  }
}

export function isForm(page: Page): page is Form {
  return typeof page === "object" && "team" in page;
}

function failed(page: Page, problem: Problem): Page {
  if (problem.kind === "refused" && problem.status === 404) return "wrong";
  return isForm(page) ? { ...page, busy: false, problem } : "unreachable";
}

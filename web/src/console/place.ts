// Where in the console a person is, as a value and as an address.

import { parseDay, type Day } from "./day";

export const ORGANIZATION_PAGES = ["people", "recordings", "reports", "audit", "organization"] as const;
export const DOMAIN_PAGES = ["keys", "team", "webhooks", "domain"] as const;

export type OrganizationPage = (typeof ORGANIZATION_PAGES)[number];
export type DomainPage = (typeof DOMAIN_PAGES)[number];

export type Place =
  | { readonly page: "board"; readonly organization: number | null; readonly day: Day | null }
  | { readonly page: "appointment"; readonly organization: number; readonly appointment: number }
  | { readonly page: OrganizationPage; readonly organization: number }
  | { readonly page: DomainPage; readonly domain: string }
  | { readonly page: "webhook"; readonly domain: string; readonly webhook: string }
  | { readonly page: "nowhere" };

/** The words of addresses that differ from those of the pages. */
const WORDS: Partial<Record<OrganizationPage | DomainPage, string>> = {
  organization: "settings",
  domain: "settings",
};

/** The place that a path and its parameters name. */
export function placeOf(path: string, search: string): Place {
  const [, kind, id = "", word = "", inner = "", ...more] = path.replace(/\/+$/, "").split("/").slice(1);
  if (kind === undefined) return board(search);
  if (more.length > 0) return { page: "nowhere" };
  if (kind === "organizations" && number(id)) return ofOrganization(Number(id), word, inner);
  if (kind === "domains" && id !== "") return ofDomain(id, word, inner);
  return { page: "nowhere" };
}

/** The address of a place. */
export function addressOf(place: Place): string {
  switch (place.page) {
    case "nowhere":
      return "/console";
    case "board":
      return `/console${parameters(place.organization, place.day)}`;
    case "appointment":
      return `/console/organizations/${place.organization}/appointments/${place.appointment}`;
    case "webhook":
      return `/console/domains/${place.domain}/webhooks/${place.webhook}`;
    default:
      return "domain" in place
        ? `/console/domains/${place.domain}/${WORDS[place.page] ?? place.page}`
        : `/console/organizations/${place.organization}/${WORDS[place.page] ?? place.page}`;
  }
}

/** Whether the navigation marks the way to `page` while a person is at `place`. */
export function belongs(place: Place, page: Place["page"]): boolean {
  const within: Partial<Record<Place["page"], Place["page"]>> = { appointment: "board", webhook: "webhooks" };
  return (within[place.page] ?? place.page) === page;
}

function board(search: string): Place {
  const given = new URLSearchParams(search);
  const organization = given.get("organization") ?? "";
  return {
    page: "board",
    organization: number(organization) ? Number(organization) : null,
    day: parseDay(given.get("day")),
  };
}

function ofOrganization(organization: number, word: string, inner: string): Place {
  if (word === "appointments" && number(inner)) {
    return { page: "appointment", organization, appointment: Number(inner) };
  }
  const page = inner === "" ? ORGANIZATION_PAGES.find((each) => (WORDS[each] ?? each) === word) : undefined;
  return page ? { page, organization } : { page: "nowhere" };
}

function ofDomain(domain: string, word: string, inner: string): Place {
  if (word === "webhooks" && inner !== "") return { page: "webhook", domain, webhook: inner };
  const page = inner === "" ? DOMAIN_PAGES.find((each) => (WORDS[each] ?? each) === word) : undefined;
  return page ? { page, domain } : { page: "nowhere" };
}

function parameters(organization: number | null, day: Day | null): string {
  const said = new URLSearchParams();
  if (organization !== null) said.set("organization", String(organization));
  if (day !== null) said.set("day", day);
  return said.size === 0 ? "" : `?${said}`;
}

function number(text: string): boolean {
  return /^[1-9]\d{0,9}$/.test(text);
}

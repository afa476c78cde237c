import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Wordmark } from "../ui/wordmark";
import type { Session } from "./api";
import { Knocks } from "./knocks";
import { LanguageChoice } from "./language-choice";
import { Go } from "./parts";
import { belongs, DOMAIN_PAGES, ORGANIZATION_PAGES, type Place } from "./place";
import { say } from "./say";
import type { State } from "./state";
import { useDesk } from "./use-desk";

interface FrameProps {
  state: State;
  session: Session;
  children: ComponentChildren;
}

/** What stands around every page: where one can go, and who is signed in. On a phone behind a button. */
export function Frame({ state, session, children }: FrameProps) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const desk = useDesk();

  useEffect(() => {
    if (!isOpen) return undefined;
    const close = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, [isOpen]);

  return (
    <div class="frame">
      <header class={`side ${isOpen ? "side-open" : ""}`}>
        <div class="side-top">
          <Wordmark name={say("product")} />
          <button
            ref={button}
            type="button"
            class="button button-quiet menu"
            aria-expanded={isOpen}
            aria-controls="ways"
            onClick={() => setOpen(!isOpen)}
          >
            {say(isOpen ? "menu.close" : "menu")}
          </button>
        </div>
        <div class="side-rest" id="ways">
          <nav aria-label={say("ways")}>
            <OrganizationWays state={state} onGo={() => setOpen(false)} />
            <DomainWays state={state} onGo={() => setOpen(false)} />
          </nav>
          <LanguageChoice language={state.language} onChoose={(language) => void desk.speak(language)} />
          <Person session={session} />
        </div>
      </header>
      <main class="inside">
        {state.organization !== null && <Knocks knocks={state.knocks} organization={state.organization} />}
        {children}
      </main>
    </div>
  );
}

function OrganizationWays({ state, onGo }: { state: State; onGo: () => void }) {
  const { organization, place } = state;
  const own = state.organizations?.find(({ id }) => id === organization);
  if (organization === null || own === undefined) return null;
  const pages = ORGANIZATION_PAGES.filter((page) => page !== "organization" || own.role === "admin");
  return (
    <div class="ways">
      <OrganizationChoice state={state} />
      <ul>
        <Way to={{ page: "board", organization, day: null }} place={place} onGo={onGo} />
        {pages.map((page) => (
          <Way key={page} to={{ page, organization }} place={place} onGo={onGo} />
        ))}
      </ul>
    </div>
  );
}

function DomainWays({ state, onGo }: { state: State; onGo: () => void }) {
  const { place } = state;
  const domains = state.domains ?? [];
  const there = "domain" in place ? domains.find(({ id }) => id === place.domain) : undefined;
  const domain = there ?? domains[0];
  const desk = useDesk();
  if (!domain) return null;
  return (
    <div class="ways">
      <Choice
        label={say("domain.choice")}
        chosen={domain.id}
        all={domains}
        onChoose={(id) => {
          const known = DOMAIN_PAGES.find((each) => each === place.page);
          desk.go({ page: known ?? "keys", domain: id });
        }}
      />
      <ul>
        {DOMAIN_PAGES.map((page) => (
          <Way key={page} to={{ page, domain: domain.id }} place={place} onGo={onGo} />
        ))}
      </ul>
    </div>
  );
}

function OrganizationChoice({ state }: { state: State }) {
  const desk = useDesk();
  const organizations = state.organizations ?? [];
  const choose = (text: string) => {
    const id = Number(text);
    const known = ORGANIZATION_PAGES.find((each) => each === state.place.page);
    if (known) desk.go({ page: known, organization: id });
    else desk.lookAt(id, state.day);
  };
  return (
    <Choice
      label={say("organization")}
      chosen={String(state.organization)}
      all={organizations.map(({ id, name }) => ({ id: String(id), name }))}
      onChoose={choose}
    />
  );
}

interface ChoiceProps {
  label: string;
  chosen: string;
  all: readonly { readonly id: string; readonly name: string }[];
  onChoose: (id: string) => void;
}

/** The name of the place whose pages follow; a choice if the person has several. */
function Choice({ label, chosen, all, onChoose }: ChoiceProps) {
  const [only] = all;
  if (only && all.length === 1) {
    return (
      <p class="ways-title">
        <span class="ways-kind">{label}</span> {only.name}
      </p>
    );
  }
  return (
    <label class="ways-title">
      <span class="ways-kind">{label}</span>
      <select value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
        {all.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface WayProps {
  to: Exclude<Place, { page: "nowhere" | "appointment" | "webhook" }>;
  place: Place;
  onGo: () => void;
}

function Way({ to, place, onGo }: WayProps) {
  return (
    <li>
      <Go to={to} class="way" isHere={belongs(place, to.page)} onGo={onGo}>
        <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
          <path d={SHAPES[to.page]} />
        </svg>
        {say(`way.${to.page}`)}
      </Go>
    </li>
  );
}

const SHAPES: Record<WayProps["to"]["page"], string> = {
  board: "M5 6h14v14H5zM5 10h14M9 3.5V7m6-3.5V7",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM3 20c.4-3.3 2.9-5.2 6-5.2s5.6 1.9 6 5.2M16 4.3a3.5 3.5 0 0 1 0 6.4M17.5 15c2 .7 3.3 2.5 3.5 5",
  recordings: "M4 6.5h11v11H4zM15 10.500l5-3v9l-5-3",
  reports: "M12 4 2.8 19.5h18.4L12 4ZM12 10v4.5M12 17v.1",
  audit: "M6 3.5h12v17H6zM9 8h6M9 12h6M9 16h3.5",
  organization:
    "M4 7.5h8.5M17.5 7.5H20M15 10a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM4 16.5h2.5M11.5 16.5H20M9 19a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  keys: "M14.5 13.5a5 5 0 1 0-4.9-4L4 15v4.5h4.5V17H11v-2.5h1.5l1-1.2M16 8v.1",
  team: "M12 11.5a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6ZM5 20.5c.5-3.7 3.4-6 7-6s6.5 2.3 7 6",
  webhooks: "M12 8.5a3 3 0 1 0-2.6-1.5L6 14m6-5.5 3.800 6M6 20a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm12 0a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM9 17h6",
  domain: "M12 3.5a8.5 8.5 0 1 0 0 17c1.5 0 2-1 1.5-2-.6-1.3.2-2.5 1.700-2.5H17a3.5 3.5 0 0 0 3.5-3.5c0-5-3.800-9-8.5-9ZM8 11.5v.1M11 8v.1M15.5 9v.1",
};

function Person({ session }: { session: Session }) {
  const desk = useDesk();
  return (
    <div class="person">
      <p class="person-who">
        <span class="person-name">{session.user.name}</span>
        <span class="quiet small">{session.user.email}</span>
      </p>
      <button type="button" class="button button-quiet" onClick={() => void desk.signOut()}>
        {say("sign-out")}
      </button>
    </div>
  );
}

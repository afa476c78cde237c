// What the console says, in the language that it speaks at the moment.

import { administrationTexts, type AdministrationKey } from "../ui/messages/en/administration";
import { consoleTexts, type ConsoleKey } from "../ui/messages/en/console";
import { organizationTexts, type OrganizationKey } from "../ui/messages/en/organization";
import { serverTexts, type ServerKey } from "../ui/messages/en/server";
import { languageOf, localeOf, type Language } from "../ui/messages/languages";
import { speaker, type Catalogue, type Say } from "../ui/messages/say";
import { translator } from "../ui/messages/sentences";

type Key = ConsoleKey | OrganizationKey | AdministrationKey;
type Catalogues = { pages: Catalogue<Key>; server: Catalogue<ServerKey> };

const ENGLISH: Catalogues = {
  pages: { ...consoleTexts, ...organizationTexts, ...administrationTexts },
  server: serverTexts,
};

const others: Record<Exclude<Language, "en">, () => Promise<Catalogues>> = {
  ro: async () => (await import("./languages/ro")).catalogues,
  de: async () => (await import("./languages/de")).catalogues,
  fr: async () => (await import("./languages/fr")).catalogues,
  es: async () => (await import("./languages/es")).catalogues,
};

const CHOICE = "vestibule.language";
const browser: readonly string[] = typeof navigator === "undefined" ? [] : navigator.languages;
let spoken = speech("en", ENGLISH);

/** Says a text of the console. */
export const say: Say<Key> = (key, values) => spoken.say(key, values);

/** A sentence that the server said, in the console's language; as it came if nobody has translated it. */
export const translated = (sentence: string): string => spoken.translated(sentence);

/** How dates and numbers are written. */
export const locale = (): string => spoken.locale;

/** The language that the address or the person chose, else the browser's. */
export function wishedLanguage(): Language {
  const asked = new URLSearchParams(location.search).get("lang");
  return languageOf([asked, remembered(), "user"], browser);
}

/** Speak this language from now on; the one that is spoken then, which stays if the texts cannot be fetched. */
export async function speak(language: Language): Promise<Language> {
  try {
    const catalogues = language === "en" ? ENGLISH : await others[language]();
    spoken = speech(language, catalogues);
  } catch {
    // The console goes on in the language that it has.
  }
  document.documentElement.lang = spoken.language;
  return spoken.language;
}

/** Speak this language also at the next visit. */
export function remember(language: Language): void {
  try {
    localStorage.setItem(CHOICE, language);
  } catch {
    // A browser that keeps nothing is asked anew at each visit.
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(CHOICE);
  } catch {
    return null;
  }
}

function speech(language: Language, { pages, server }: Catalogues) {
  const locale = localeOf(language, browser);
  return {
    language,
    locale,
    say: speaker(pages, language),
    translated: translator(speaker(server, language), locale),
  };
}

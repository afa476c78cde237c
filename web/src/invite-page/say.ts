import { invite as english, type InviteKey } from "../ui/messages/en/invite";
import { serverTexts, type ServerKey } from "../ui/messages/en/server";
import { languageOf, localeOf, type Language } from "../ui/messages/languages";
import { speaker, type Catalogue, type Say } from "../ui/messages/say";
import { translator } from "../ui/messages/sentences";

type Catalogues = { invite: Catalogue<InviteKey>; server: Catalogue<ServerKey> };

const others: Record<Exclude<Language, "en">, () => Promise<Catalogues>> = {
  ro: () => both(import("../ui/messages/ro/invite"), import("../ui/messages/ro/server")),
  de: () => both(import("../ui/messages/de/invite"), import("../ui/messages/de/server")),
  fr: () => both(import("../ui/messages/fr/invite"), import("../ui/messages/fr/server")),
  es: () => both(import("../ui/messages/es/invite"), import("../ui/messages/es/server")),
};

let spoken = speech("en", { invite: english, server: serverTexts });

/** Says a text of the page behind an invite link. */
export const say: Say<InviteKey> = (key, values) => spoken.say(key, values);

/** A sentence that the server said, in the page's language. */
export const translated = (sentence: string): string => spoken.translated(sentence);

/** Speak the language that the address names, else the browser's; English if its texts cannot be fetched. */
export async function speak(): Promise<void> {
  const asked = new URLSearchParams(location.search).get("lang");
  const language = languageOf([asked, "user"], navigator.languages);
  if (language === "en") return;
  try {
    spoken = speech(language, await others[language]());
    document.documentElement.lang = language;
  } catch {
    // The page goes on in English.
  }
}

function speech(language: Language, { invite, server }: Catalogues) {
  return {
    say: speaker(invite, language),
    translated: translator(speaker(server, language), localeOf(language, [])),
  };
}

async function both(
  invite: Promise<{ invite: Catalogue<InviteKey> }>,
  server: Promise<{ serverTexts: Catalogue<ServerKey> }>,
): Promise<Catalogues> {
  return { invite: (await invite).invite, server: (await server).serverTexts };
}

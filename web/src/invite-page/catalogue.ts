// The texts of the page behind an invite link; of each other language than English only when somebody speaks it.

import { invite as english, type InviteKey } from "../ui/messages/en/invite";
import type { Language } from "../ui/messages/languages";
import type { Catalogue } from "../ui/messages/say";

const others: Record<Exclude<Language, "en">, () => Promise<{ invite: Catalogue<InviteKey> }>> = {
  ro: () => import("../ui/messages/ro/invite"),
  de: () => import("../ui/messages/de/invite"),
  fr: () => import("../ui/messages/fr/invite"),
  es: () => import("../ui/messages/es/invite"),
};

/** The texts of this language; English if they cannot be fetched. */
export async function catalogueOf(language: Language): Promise<[Language, Catalogue<InviteKey>]> {
  if (language === "en") return ["en", english];
  try {
    return [language, (await others[language]()).invite];
  } catch {
    return ["en", english];
  }
}

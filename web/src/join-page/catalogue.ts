// The join page's texts; of each other language than English only when somebody speaks it.

import { join as english, type JoinKey } from "../ui/messages/en/join";
import type { Language } from "../ui/messages/languages";
import type { Catalogue } from "../ui/messages/say";

const others: Record<Exclude<Language, "en">, () => Promise<{ join: Catalogue<JoinKey> }>> = {
  ro: () => import("../ui/messages/ro/join"),
  de: () => import("../ui/messages/de/join"),
  fr: () => import("../ui/messages/fr/join"),
  es: () => import("../ui/messages/es/join"),
};

/** The texts of this language; English if they cannot be fetched. */
export async function catalogueOf(language: Language): Promise<[Language, Catalogue<JoinKey>]> {
  if (language === "en") return ["en", english];
  try {
    return [language, (await others[language]()).join];
  } catch {
    return ["en", english];
  }
}

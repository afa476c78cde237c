// The call page's texts; of each other language than English only when somebody speaks it.

import { call as english, type CallKey } from "../ui/messages/en/call";
import type { Language } from "../ui/messages/languages";
import type { Catalogue } from "../ui/messages/say";

const others: Record<Exclude<Language, "en">, () => Promise<{ call: Catalogue<CallKey> }>> = {
  ro: () => import("../ui/messages/ro/call"),
  de: () => import("../ui/messages/de/call"),
  fr: () => import("../ui/messages/fr/call"),
  es: () => import("../ui/messages/es/call"),
};

/** The texts of this language; English if they cannot be fetched. */
export async function catalogueOf(language: Language): Promise<[Language, Catalogue<CallKey>]> {
  if (language === "en") return ["en", english];
  try {
    return [language, (await others[language]()).call];
  } catch {
    return ["en", english];
  }
}

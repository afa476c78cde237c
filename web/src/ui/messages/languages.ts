// Which language a page speaks.

export const LANGUAGES = ["en", "ro", "de", "fr", "es"] as const;

export type Language = (typeof LANGUAGES)[number];

/** Each language's own name for itself. */
export const NAMES: Readonly<Record<Language, string>> = {
  en: "English",
  ro: "Română",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
};

export function isLanguage(text: string): text is Language {
  return (LANGUAGES as readonly string[]).includes(text);
}

/**
 * The language of the first wish that we can fulfil, else English. `user` stands for the browser's languages, the
 * person's favourite first; a wish may name a region too ("de-AT").
 */
export function languageOf(wishes: readonly (string | null | undefined)[], browser: readonly string[]): Language {
  for (const wish of wishes) {
    const found = spoken(wish === "user" ? browser : [wish ?? ""]);
    if (found !== undefined) return found;
  }
  return "en";
}

/** How dates and numbers are written: as the person's browser has it, if it is set to this language too. */
export function localeOf(language: Language, browser: readonly string[]): string {
  return browser.find((locale) => baseOf(locale) === language) ?? (language === "en" ? "en-GB" : language);
}

function spoken(locales: readonly string[]): Language | undefined {
  const bases = locales.map(baseOf);
  return bases.find(isLanguage);
}

const baseOf = (locale: string): string => locale.toLowerCase().split("-")[0] ?? "";

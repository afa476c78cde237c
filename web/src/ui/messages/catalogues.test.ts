// Nothing that a person reads is missing in a language, left over, or broken.

import { expect, test } from "vitest";
import { LANGUAGES } from "./languages";
import type { Catalogue, Text } from "./say";

type Module = Record<string, Catalogue<string>>;

const modules = import.meta.glob<Module>("./*/*.ts", { eager: true });
const sources = import.meta.glob<string>("../../**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });

/** What speaks every language; the description of the API is for programmers, in English. */
const TRANSLATED = ["call", "join", "console", "organization", "administration", "server", "invite", "missing"];

function catalogue(language: string, page: string): Catalogue<string> {
  const [texts] = Object.values(modules[`./${language}/${page}.ts`] ?? {});
  if (texts === undefined) throw new Error(`there are no texts of ${page} in ${language}`);
  return texts;
}

const forms = (text: Text | undefined): string[] => (typeof text === "object" ? Object.values(text) : [text ?? ""]);
const placeholders = (form: string) => (form.match(/\{\w+\}/g) ?? []).sort();

const isOne = (text: Text | undefined, form: string) => typeof text === "object" && text.one === form;

const translations = TRANSLATED.flatMap((page) =>
  LANGUAGES.filter((language) => language !== "en").map((language) => [page, language] as const),
);

test.each(translations)("%s has the same texts in %s as in English", (page, language) => {
  const english = catalogue("en", page);
  const texts = catalogue(language, page);
  expect(Object.keys(texts).sort()).toEqual(Object.keys(english).sort());
  for (const key of Object.keys(english)) {
    const expected = placeholders(forms(english[key]).at(-1) ?? "");
    for (const form of forms(texts[key])) {
      expect(form.trim(), key).toBe(form);
      expect(form, key).not.toBe("");
      // "in a minute" may leave out how many.
      const said = isOne(texts[key], form) ? [...new Set([...placeholders(form), "{count}"])].sort() : placeholders(form);
      expect(said, key).toEqual(expected);
    }
  }
});

test.each(TRANSLATED.flatMap((page) => LANGUAGES.map((language) => [page, language] as const)))(
  "%s has every plural form of %s",
  (page, language) => {
    // French and Spanish say "many" for whole millions only.
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const needed = forms.filter((form) => form !== "many").sort();
    for (const [key, text] of Object.entries(catalogue(language, page))) {
      if (typeof text === "object") expect(Object.keys(text).sort(), key).toEqual(needed);
    }
  },
);

test.each(translations)("%s is really translated into %s", (page, language) => {
  const english = catalogue("en", page);
  const same = Object.entries(catalogue(language, page)).filter(([key, text]) => text === english[key]);
  expect(same.length).toBeLessThan(Object.keys(english).length / 8);
});

// Those of the server are recognized, not named.
const named = Object.keys(modules).filter((path) => path.startsWith("./en/") && path !== "./en/server.ts");

test.each(named)("every text of %s is used", (path) => {
  const page = path.replace("./en/", "").replace(".ts", "");
  const written = Object.entries(sources)
    .filter(([file]) => !file.includes("messages/") && !file.includes(".test."))
    .map(([, source]) => source)
    .join("\n");
  const names = new Set([...written.matchAll(/"([\w.-]+)"|\b([a-z]+):/g)].map(([, quoted, plain]) => quoted ?? plain));
  const patterns = [...written.matchAll(/`((?:[\w.-]|\$\{[^}`]*\})+)`/g)].map(
    ([, text = ""]) => new RegExp(`^${text.split(/\$\{[^}]*\}/).map((part) => part.replaceAll(".", "\\.")).join(".+")}$`),
  );
  const telling = patterns.filter((pattern) => /[a-z]/.test(pattern.source.replaceAll(".+", "")));
  const unused = Object.keys(catalogue("en", page)).filter(
    (key) => !names.has(key) && !telling.some((pattern) => pattern.test(key)),
  );
  expect(unused).toEqual([]);
});

/** Words between tags, or in an attribute that people read or hear. */
const HARD_CODED = [/>\s*[^<>{}=();&|]*\p{L}{2,}[^<>{}=();&|]*<\//u, /\b(?:aria-label|title|placeholder|alt)="(?!https:)[^"]*\p{L}{2,}/u];

const views = Object.entries(sources).filter(([file]) => file.endsWith(".tsx") && !/docs-page|wordmark/.test(file));

test.each(views)("%s says nothing that no catalogue knows", (_, source) => {
  const code = source.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, "");
  expect(HARD_CODED.map((pattern) => pattern.exec(code)?.[0] ?? null)).toEqual([null, null]);
});

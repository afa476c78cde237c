import { expect, test } from "vitest";
import { languageOf, localeOf } from "./languages";

test.each([
  ["the address comes first", ["fr", "de"], ["es"], "fr"],
  ["then the room", [null, "de"], ["es"], "de"],
  ["a region does not matter", ["pt-BR", "de-AT"], [], "de"],
  ["what we do not speak is passed over", ["jp", "ro"], [], "ro"],
  ["`user` is the browser's favourite", ["user"], ["fi", "es-MX", "de"], "es"],
  ["`user` with a browser that we do not speak", ["user"], ["fi"], "en"],
  ["nothing said", [null, undefined, ""], ["de"], "en"],
] as const)("%s", (_, wishes, browser, language) => {
  expect(languageOf(wishes, browser)).toBe(language);
});

test.each([
  ["de", ["en-US", "de-CH"], "de-CH"],
  ["de", ["en-US"], "de"],
  ["en", ["ro"], "en-GB"],
] as const)("dates in %s for a browser of %s are written as in %s", (language, browser, locale) => {
  expect(localeOf(language, browser)).toBe(locale);
});

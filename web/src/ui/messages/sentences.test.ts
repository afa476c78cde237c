import { expect, test } from "vitest";
import { serverTexts as german } from "./de/server";
import { serverTexts as english } from "./en/server";
import { serverTexts as spanish } from "./es/server";
import { serverTexts as french } from "./fr/server";
import { serverTexts as romanian } from "./ro/server";
import { speaker } from "./say";
import { translator } from "./sentences";

const inGerman = translator(speaker(german, "de"), "de");

test.each([
  ["only administrators of the organization may do this", "das darf nur die Verwaltung der Organisation"],
  ["'a@' is not an e-mail address", "'a@' ist keine E-Mail-Adresse"],
  ["Onboard it.", "Bereiten Sie ihn vor."],
])("%s", (sentence, said) => {
  expect(inGerman(sentence)).toBe(said);
});

test("a sentence inside a sentence is translated too", () => {
  expect(inGerman("Asking the room provider failed: the connection to the room provider failed.")).toBe(
    "Die Frage an den Raumanbieter ist gescheitert: die Verbindung zum Raumanbieter ist gescheitert.",
  );
});

test.each([
  ["en", english, "the room provider has a failure of its own (503)"],
  ["de", german, "der Raumanbieter hat selbst eine Störung (503)"],
  ["es", spanish, "el proveedor de salas tiene un fallo propio (503)"],
  ["fr", french, "le fournisseur de salles a lui-même une panne (503)"],
  ["ro", romanian, "furnizorul de camere are o defecțiune a lui (503)"],
])("what the provider says itself is a quotation in its own words, in %s", (language, texts, frame) => {
  const inLanguage = translator(speaker(texts, language), language);
  const sentence = 'the room provider has a failure of its own (503): "out of order; try {later}"';
  expect(inLanguage(sentence)).toBe(`${frame}: "out of order; try {later}"`);
});

test("the more exact of two sentences that fit is said", () => {
  const sentence = "the room provider asks for fewer requests; it is asked again at 10:30:00 UTC";
  expect(inGerman(sentence)).toContain("er wird um 10:30:00 UTC wieder gefragt");
});

test("a moment is said in the reader's time zone and way of writing", () => {
  const moment = new Intl.DateTimeFormat("de", { dateStyle: "medium", timeStyle: "short" });
  const said = inGerman("The links open at 2026-11-21 10:25 UTC.");
  expect(said).toBe(`Die Links öffnen sich: ${moment.format(new Date("2026-11-21T10:25:00Z"))}.`);
});

test("what nobody has translated stays as it came, also where it could be taken for a pattern", () => {
  for (const sentence of ["the moon (full) is not a room", "", "{name} [x] $& \\1"]) {
    expect(inGerman(sentence)).toBe(sentence);
  }
});

test("each sentence is recognized as itself, not as another one", () => {
  const keys = translator((key) => `<${key}>`, "en");
  for (const [key, sentence] of Object.entries(english)) expect(keys(sentence)).toBe(`<${key}>`);
});

// Sentences of the server are English, as Daily's are. Where people read them, they are recognized and said in the
// reader's language (decision 0034).

import { serverTexts, type ServerKey } from "./en/server";
import type { Say, Values } from "./say";

type Pattern = { readonly key: ServerKey; readonly shape: RegExp; readonly names: readonly string[] };

const NAME = /\{(\w+)\}/;

// The longest first: "…; it is asked again at 10:30:00" before what "…{info}" would swallow.
const PATTERNS: readonly Pattern[] = (Object.entries(serverTexts) as [ServerKey, string][])
  .map(([key, sentence]) => patternOf(key, sentence))
  .sort((one, other) => other.shape.source.length - one.shape.source.length);

/** A function that says a sentence of the server in the language of `say`; what is unknown, as it came. */
export function translator(say: Say<ServerKey>, locale: string): (sentence: string) => string {
  const translated = (sentence: string): string => {
    const moment = momentIn(sentence, locale);
    if (moment !== null) return moment;
    for (const { key, shape, names } of PATTERNS) {
      const found = shape.exec(sentence);
      if (found === null) continue;
      const values: Record<string, string> = {};
      for (const [position, name] of names.entries()) values[name] = translated(found[position + 1] ?? "");
      return say(key, values satisfies Values);
    }
    return sentence;
  };
  return translated;
}

function patternOf(key: ServerKey, sentence: string): Pattern {
  const pieces = sentence.split(NAME); // every other one is a name
  const shape = pieces.map((piece, position) => (position % 2 ? "(.*?)" : escaped(piece))).join("");
  return { key, shape: new RegExp(`^${shape}$`, "s"), names: pieces.filter((_, position) => position % 2) };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** "2026-11-21 10:25 UTC" in the reader's time zone and way of writing. */
function momentIn(text: string, locale: string): string | null {
  const found = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC$/.exec(text);
  if (found === null) return null;
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  return format.format(new Date(`${found[1]}T${found[2]}:00Z`));
}

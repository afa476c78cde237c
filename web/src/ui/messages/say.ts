// Texts for people come from a catalogue per page and language, never from the page's code.

/** One text for each plural form of the language, chosen by the value `count`. */
export type Plural = { readonly other: string } & Partial<Readonly<Record<Intl.LDMLPluralRule, string>>>;

export type Text = string | Plural;

export type Catalogue<Key extends string> = Readonly<Record<Key, Text>>;

export type Values = Readonly<Record<string, string | number>>;

export type Say<Key extends string> = (key: Key, values?: Values) => string;

/** A function that says a text of the catalogue, with each `{name}` replaced by its value. */
export function speaker<Key extends string>(catalogue: Catalogue<Key>, language = "en"): Say<Key> {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  const written = (value: string | number | undefined) =>
    typeof value === "number" ? numbers.format(value) : (value ?? "");
  return (key, values = {}) => {
    const text = catalogue[key];
    const form = typeof text === "string" ? text : (text[rules.select(Number(values["count"]))] ?? text.other);
    return form.replace(/\{(\w+)\}/g, (_, name: string) => written(values[name]));
  };
}

// Texts for people come from a catalogue per page and language, never from the page's code.

export type Values = Readonly<Record<string, string | number>>;

export type Say<Key extends string> = (key: Key, values?: Values) => string;

/** A function that says a text of the catalogue, with each `{name}` replaced by its value. */
export function speaker<Key extends string>(catalogue: Readonly<Record<Key, string>>): Say<Key> {
  return (key, values = {}) =>
    catalogue[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

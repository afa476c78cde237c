// A host's colours in the names of our style sheets. They come from outside: only colours pass, and text stays readable.

const KEYS = [
  "accent",
  "accentText",
  "background",
  "backgroundAccent",
  "baseText",
  "border",
  "mainAreaBg",
  "mainAreaBgAccent",
  "mainAreaText",
  "supportiveText",
] as const;

type Key = (typeof KEYS)[number];
export type Colors = Partial<Record<Key, string>>;

const LEAST_CONTRAST = 4.5; // WCAG 2.2, 1.4.3

const PROPERTIES: Record<Key, string[]> = {
  accent: ["--accent", "--accent-strong"],
  accentText: ["--on-accent"],
  background: ["--ground", "--surface"],
  backgroundAccent: ["--surface-quiet"],
  baseText: ["--ink"],
  border: ["--edge"],
  mainAreaBg: ["--stage"],
  mainAreaBgAccent: ["--stage-raised", "--stage-raised-strong"],
  mainAreaText: ["--stage-ink", "--stage-ink-quiet"],
  supportiveText: ["--ink-quiet"],
};

const TEXTS: [text: Key, ground: Key][] = [
  ["accentText", "accent"],
  ["baseText", "background"],
  ["supportiveText", "background"],
  ["mainAreaText", "mainAreaBg"],
];

/** The colours among these values, as `#rrggbb`. */
export function colorsIn(colors: unknown): Colors {
  if (typeof colors !== "object" || colors === null) return {};
  const given = colors as Record<string, unknown>;
  const read = KEYS.map((key) => [key, sixDigits(given[key])] as const);
  return Object.fromEntries(read.filter(([, color]) => color !== null));
}

function sixDigits(color: unknown): string | null {
  if (typeof color !== "string" || !/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(color)) return null;
  return (color.length === 4 ? color.replace(/[0-9a-f]/gi, "$&$&") : color).toLowerCase();
}

/** Our custom properties for these colours. A text that its ground would swallow becomes black or white. */
export function customProperties(colors: Colors): Record<string, string> {
  const readable = { ...colors };
  for (const [text, ground] of TEXTS) {
    const behind = colors[ground];
    if (behind !== undefined) readable[text] = readableOn(behind, colors[text]);
  }
  return Object.fromEntries(
    KEYS.flatMap((key) => PROPERTIES[key].map((name) => [name, readable[key]])).filter(([, color]) => color),
  ) as Record<string, string>;
}

function readableOn(ground: string, text: string | undefined): string {
  if (text !== undefined && contrast(text, ground) >= LEAST_CONTRAST) return text;
  return contrast("#000000", ground) > contrast("#ffffff", ground) ? "#000000" : "#ffffff";
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

// Where tiles go: pure rules, so that every size of screen and call can be tried in a table.

/**
 * What the person prefers: `grid` shows everybody alike, `speaker` whoever speaks large. `auto`, before they choose:
 * of two the other large, of more everybody alike.
 */
export type Preference = "auto" | "grid" | "speaker";

/** How the people of a call are laid out. Own video floats over the other's in a `pair`. */
export type Arrangement =
  | { name: "alone" | "pair" }
  | { name: "grid"; columns: number }
  /** A screen or one person in front, the others in a strip beside or below it. */
  | Front;

export interface Front {
  name: "front";
  strip: "beside" | "below";
  /** Of each tile of the strip, in pixels. */
  tile: Size;
  /** How many tiles the strip shows. */
  fits: number;
}

interface Size {
  width: number;
  height: number;
}

const TILE_RATIO = 16 / 9;
/** Of the middle of a picture, which a tile should show. */
const FACE_RATIO = 1.4;
/** The part of a picture that a tile may cost: above and below, and at the sides, where faces seldom are. */
const LARGEST_CROP = 0.45;
const LARGEST_CROP_OF_SIDES = 0.55;
/** Below this height of the area (pixels), a strip below the front would leave too little of it. */
const LOW = 420;
/** Pixels: a strip beside the front needs so much, and the front as much again. */
const NARROW = 560;
/** Pixels between tiles. */
export const GAP = 8;

export interface Room {
  /** Everybody in the call, with oneself. */
  people: number;
  /** Screens that others share. */
  screens: number;
  /** Somebody is held in front by the person's own wish. */
  isPinned: boolean;
  preference: Preference;
  /** Of the area for tiles, in pixels. */
  width: number;
  height: number;
}

export function arrange({ people, screens, isPinned, preference, width, height }: Room): Arrangement {
  if (screens > 0 || (isPinned && people > 1)) return inFront(width, height);
  if (people === 1) return { name: "alone" };
  if (preference === "speaker") return people === 2 ? { name: "pair" } : inFront(width, height);
  if (people === 2 && (preference === "auto" || !isRoomy(width, height))) return { name: "pair" };
  return { name: "grid", columns: bestColumns(people, width, height) };
}

/** Whether everybody is shown alike at present, but for shared screens and who is pinned. */
export function showsAlike(preference: Preference, others: number): boolean {
  return preference === "grid" || (preference === "auto" && others > 1);
}

/** Whether two tiles beside or above each other each get a good shape: not on a phone that lies on its side. */
const isRoomy = (width: number, height: number): boolean => Math.min(width, height) >= NARROW;

function inFront(width: number, height: number): Front {
  if (width >= NARROW && (height < LOW || width > height)) {
    const tileWidth = Math.round(between(144, width * 0.18, 256));
    const tile = { width: tileWidth, height: Math.round(tileWidth / TILE_RATIO) };
    return { name: "front", strip: "beside", tile, fits: fitting(height, tile.height) };
  }
  const tileWidth = Math.round(between(96, width / 4 - GAP, 224));
  const tile = { width: tileWidth, height: Math.round(tileWidth * 0.75) };
  return { name: "front", strip: "below", tile, fits: fitting(width, tile.width) };
}

const fitting = (space: number, size: number): number => Math.max(1, Math.floor((space + GAP) / (size + GAP)));

const between = (least: number, size: number, most: number): number => Math.min(most, Math.max(least, size));

/**
 * Which of the strip's tiles are shown when there is not place for all, in their order; oneself, the last, always is.
 * One place is kept for the number of the others.
 */
export function shownInStrip<Tile>(tiles: readonly Tile[], fits: number): { shown: Tile[]; hidden: number } {
  if (tiles.length <= fits) return { shown: [...tiles], hidden: 0 };
  const places = Math.max(1, fits - 1);
  const shown = [...tiles.slice(0, places - 1), ...tiles.slice(-1)];
  return { shown, hidden: tiles.length - shown.length };
}

/** Where the last row of a grid begins, in half columns, so that a row that is not full stands in the middle. */
export function lastRow(people: number, columns: number): { first: number; start: number } {
  const left = people % columns;
  return left === 0 ? { first: people, start: 1 } : { first: people - left, start: columns - left + 1 };
}

/** The number of columns that makes faces largest: of a wide picture, its sides may be lost, but nobody's forehead. */
function bestColumns(people: number, width: number, height: number): number {
  let best = { columns: 1, tileWidth: 0 };
  for (let columns = 1; columns <= people; columns++) {
    const rows = Math.ceil(people / columns);
    const tileWidth = Math.min(width / columns, (height / rows) * FACE_RATIO);
    if (tileWidth > best.tileWidth) best = { columns, tileWidth };
  }
  return best.columns;
}

/** How a picture stands in its tile; `ratio` of width to height is that of the part which is shown. */
export type Fit = { name: "cover" | "contain" } | { name: "sides"; ratio: number };

/**
 * A picture fills its tile where that does not cost too much of it. Else a wide picture in an upright tile loses of its
 * sides what it may; and an upright phone's picture in a wide tile, where a face would be cut, is shown whole, with bars.
 */
export function fit(picture: Size, tile: Size): Fit {
  const pictureRatio = picture.width / picture.height;
  const tileRatio = tile.width / tile.height;
  const shown = Math.min(pictureRatio, tileRatio) / Math.max(pictureRatio, tileRatio);
  const isWider = pictureRatio > tileRatio;
  if (1 - shown <= (isWider ? LARGEST_CROP_OF_SIDES : LARGEST_CROP)) return { name: "cover" };
  return isWider ? { name: "sides", ratio: pictureRatio * (1 - LARGEST_CROP_OF_SIDES) } : { name: "contain" };
}

interface Candidate {
  session_id: string;
}

/** Who stands in front: whom the person has pinned, else who spoke last, else who came first; never oneself unasked. */
export function frontOf<Person extends Candidate>(
  others: readonly Person[],
  pinned: string | null,
  speaker: string | null,
): Person | null {
  const find = (sessionId: string | null) => others.find(({ session_id }) => session_id === sessionId);
  return find(pinned) ?? find(speaker) ?? others[0] ?? null;
}

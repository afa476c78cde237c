// Where tiles go: pure rules, so that every size of screen and call can be tried in a table.

/** How the people of a call are laid out. Own video floats over the other's in a `pair`. */
export type Arrangement =
  | { name: "alone" | "pair" | "screen" }
  | { name: "grid"; columns: number };

const TILE_RATIO = 16 / 9;
const LARGEST_CROP = 0.45;

export interface Room {
  /** Everybody in the call, with oneself. */
  people: number;
  /** Screens that others share. */
  screens: number;
  /** Of the area for tiles, in pixels. */
  width: number;
  height: number;
}

export function arrange({ people, screens, width, height }: Room): Arrangement {
  if (screens > 0) return { name: "screen" };
  if (people === 1) return { name: "alone" };
  if (people === 2) return { name: "pair" };
  return { name: "grid", columns: bestColumns(people, width, height) };
}

/** The number of columns that makes the tiles largest. */
function bestColumns(people: number, width: number, height: number): number {
  let best = { columns: 1, tileWidth: 0 };
  for (let columns = 1; columns <= people; columns++) {
    const rows = Math.ceil(people / columns);
    const tileWidth = Math.min(width / columns, (height / rows) * TILE_RATIO);
    if (tileWidth > best.tileWidth) best = { columns, tileWidth };
  }
  return best.columns;
}

interface Size {
  width: number;
  height: number;
}

/**
 * Whether a picture fills its tile and loses its edges, or is shown whole with bars: an upright phone's picture
 * in a wide tile would lose the person's face.
 */
export function fit(picture: Size, tile: Size): "cover" | "contain" {
  const pictureRatio = picture.width / picture.height;
  const tileRatio = tile.width / tile.height;
  const shown = Math.min(pictureRatio, tileRatio) / Math.max(pictureRatio, tileRatio);
  return 1 - shown > LARGEST_CROP ? "contain" : "cover";
}

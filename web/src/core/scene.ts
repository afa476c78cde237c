// Where everybody's picture stands in a film of the call: pure, so that it can be tried in a table.

import { arrange, lastRow } from "./arrangement";

export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

const GAP = 8;
/** The part of the film's width that a shared screen leaves to the people beside it. */
const STRIP = 0.2;

/** The places of so many people in a film of this size, in their order; all of one size, and without a gap in the rows above the last. */
export function placesOf(people: number, width: number, height: number): Place[] {
  if (people < 2) return [{ x: 0, y: 0, width, height }].slice(0, people);
  const arrangement = arrange({ people, screens: 0, isPinned: false, preference: "grid", width, height });
  const columns = arrangement.name === "grid" ? arrangement.columns : people;
  const rows = Math.ceil(people / columns);
  const size = { width: (width - GAP * (columns - 1)) / columns, height: (height - GAP * (rows - 1)) / rows };
  const last = lastRow(people, columns);
  return Array.from({ length: people }, (_, index) => {
    const isLast = index >= last.first;
    const column = isLast ? (last.start - 1) / 2 + (index - last.first) : index % columns;
    return { x: column * (size.width + GAP), y: Math.floor(index / columns) * (size.height + GAP), ...size };
  });
}

/** A shared screen in front, and the people in a strip beside it. */
export function placesBeside(people: number, width: number, height: number): { screen: Place; people: Place[] } {
  const strip = people > 0 ? Math.round(width * STRIP) : 0;
  const left = width - strip - (strip > 0 ? GAP : 0);
  const tile = Math.min((strip * 9) / 16, (height - GAP * (people - 1)) / people);
  const top = (height - people * tile - GAP * (people - 1)) / 2;
  return {
    screen: { x: 0, y: 0, width: left, height },
    people: Array.from({ length: people }, (_, index) => ({
      x: width - strip,
      y: top + index * (tile + GAP),
      width: strip,
      height: tile,
    })),
  };
}

/** Where in its place a picture is drawn, whole: a film leaves nothing out. */
export function fitted(picture: { width: number; height: number }, place: Place): Place {
  const scale = Math.min(place.width / picture.width, place.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  return { x: place.x + (place.width - width) / 2, y: place.y + (place.height - height) / 2, width, height };
}

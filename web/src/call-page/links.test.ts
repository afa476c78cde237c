import { expect, test } from "vitest";
import { piecesOf } from "./links";

test.each([
  ["no address", "hello", ["hello"], []],
  ["only an address", "https://a.example/b?c=d#e", [], ["https://a.example/b?c=d#e"]],
  ["an address in a sentence", "Look at https://a.example/b. Thanks", ["Look at ", ". Thanks"], ["https://a.example/b"]],
  ["an address in brackets", "(see http://a.example)", ["(see ", ")"], ["http://a.example"]],
  ["what only looks like one", "javascript:alert(1) www.example", ["javascript:alert(1) www.example"], []],
])("%s", (_, text, words, links) => {
  const pieces = piecesOf(text);
  expect(pieces.filter(({ isLink }) => !isLink).map((piece) => piece.text)).toEqual(words);
  expect(pieces.filter(({ isLink }) => isLink).map((piece) => piece.text)).toEqual(links);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
});

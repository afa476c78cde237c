import { expect, test } from "vitest";
import { Store } from "./store";

const adding = (state: number, event: number): number => state + event;

test("tells its listeners the state after and before each change", () => {
  const store = new Store(adding, 1);
  const seen: number[][] = [];
  store.subscribe((after, before) => seen.push([after, before]));
  store.dispatch(2);
  store.dispatch(3);
  expect(seen).toEqual([[3, 1], [6, 3]]);
});

test("says nothing when an event changes nothing", () => {
  const store = new Store(adding, 1);
  store.subscribe(() => expect.unreachable());
  store.dispatch(0);
});

test("lets every listener see a change before the next one that a listener causes", () => {
  const store = new Store(adding, 0);
  const seen: number[] = [];
  store.subscribe((after) => {
    if (after === 1) store.dispatch(10);
  });
  store.subscribe((after) => seen.push(after));
  store.dispatch(1);
  expect(seen).toEqual([1, 11]);
});

test("leaves alone who no longer listens", () => {
  const store = new Store(adding, 0);
  store.subscribe(() => expect.unreachable())();
  store.dispatch(1);
});

import { useLayoutEffect, useState } from "preact/hooks";
import type { Store } from "../core/store";

/** The store's state; the component is drawn again when it changes. */
export function useStore<State, Event>(store: Store<State, Event>): State {
  const [state, setState] = useState(store.state);
  useLayoutEffect(() => {
    setState(store.state);
    return store.subscribe(setState);
  }, [store]);
  return state;
}

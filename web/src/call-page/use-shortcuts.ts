import { useEffect } from "preact/hooks";
import { useCallPage } from "./context";
import { perform, shortcutOf } from "./shortcuts";

/** Listens for shortcuts while the call is shown. */
export function useShortcuts(): void {
  const page = useCallPage();
  useEffect(() => {
    const act = (event: KeyboardEvent) => {
      const shortcut = shortcutOf(event);
      if (shortcut === null || document.querySelector("dialog[open]") !== null) return;
      event.preventDefault();
      perform(shortcut, page);
    };
    document.addEventListener("keydown", act);
    return () => document.removeEventListener("keydown", act);
  }, [page]);
}

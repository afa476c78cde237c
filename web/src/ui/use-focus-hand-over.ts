import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * For something that goes away when it has been answered: if it holds the focus then, `next` gets it, or the
 * page's heading. Otherwise the focus would be nowhere, and the keyboard would begin anew at the top.
 */
export function useFocusHandOver<Kind extends HTMLElement>(next: () => HTMLElement | null = () => null) {
  const element = useRef<Kind>(null);
  useLayoutEffect(() => {
    const own = element.current;
    return () => {
      if (!own?.contains(document.activeElement)) return;
      setTimeout(() => (next() ?? document.querySelector("h1"))?.focus({ preventScroll: true }));
    };
  }, []);
  return element;
}

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface HeadingProps {
  children: ComponentChildren;
  /** Only for those who do not see the page. */
  hidden?: boolean;
}

/** The heading of a page's new state. Takes the focus, so that a screen reader says where the person is now. */
export function Heading({ children, hidden = false }: HeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <h1 ref={heading} tabIndex={-1} class={hidden ? "visually-hidden" : undefined}>
      {children}
    </h1>
  );
}

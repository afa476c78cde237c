import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../ui/icon";
import { useCallPage } from "./context";

interface PanelProps {
  id: string;
  title: string;
  children: ComponentChildren;
}

/** Something beside the call; on small screens, over it. Escape closes it, and the focus goes back to where it was. */
export function Panel({ id, title, children }: PanelProps) {
  const { look, say } = useCallPage();
  const place = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const panel = place.current;
    const before = document.activeElement as HTMLElement | null;
    const first = panel?.querySelector<HTMLElement>("textarea") ?? panel?.querySelector("h2");
    first?.focus();
    return () => {
      // Whoever closed it from elsewhere, or opened another panel, has the focus there already.
      if (panel?.contains(document.activeElement) !== true) return;
      setTimeout(() => (before?.isConnected === true ? before : document.querySelector("h1"))?.focus());
    };
  }, []);
  return (
    <aside
      ref={place}
      class="panel"
      aria-labelledby={`${id}-title`}
      onKeyDown={(event) => {
        const isInDialog = (event.target as Element).closest("dialog") !== null;
        if (event.key === "Escape" && !isInDialog) look.show(null);
      }}
    >
      <header class="panel-head">
        <h2 id={`${id}-title`} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="panel-close" aria-label={say("panel.close")} onClick={() => look.show(null)}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </aside>
  );
}

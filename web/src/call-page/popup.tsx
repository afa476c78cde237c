import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { RoundButton, type RoundButtonProps } from "./round-button";

interface PopupProps extends Omit<RoundButtonProps, "onClick" | "expanded" | "button"> {
  /** What the popup is called. */
  title: string;
  /** Its content; `close` shuts it and gives the focus back to the button. */
  children: (close: () => void) => ComponentChildren;
}

/** A button with choices above it, that a click elsewhere or Escape shuts. */
export function Popup({ title, children, ...shape }: PopupProps) {
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!isOpen) return;
    place.current?.querySelector<HTMLElement>(".popup button")?.focus();
    const shutOutside = ({ target }: Event) => {
      if (!place.current?.contains(target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", shutOutside);
    return () => document.removeEventListener("pointerdown", shutOutside);
  }, [isOpen]);
  return (
    <div
      ref={place}
      class={`popup-place${shape.secondary === true ? " round-secondary" : ""}`}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !isOpen) return;
        event.stopPropagation();
        close();
      }}
    >
      <RoundButton {...shape} button={button} expanded={isOpen} onClick={() => setOpen(!isOpen)} />
      {isOpen && (
        <div class="popup" role="group" aria-label={title}>
          {children(close)}
        </div>
      )}
    </div>
  );
}

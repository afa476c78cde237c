import { useState } from "preact/hooks";
import type { TrayButton } from "../core/presentation";
import { useCallPage, usePresentation } from "./context";

/** The host page's own buttons among ours. */
export function HostButtons() {
  const { trayButtons } = usePresentation();
  return trayButtons.map((button) => <HostButton key={button.id} button={button} />);
}

function HostButton({ button }: { button: TrayButton }) {
  const { embedder } = useCallPage();
  const [hasIcon, setHasIcon] = useState(true);
  const icon = button.iconPathDarkMode || button.iconPath; // the call stands on dark ground in both schemes
  const [initial = ""] = button.label;
  return (
    <button
      type="button"
      class={`round${button.look === "default" ? "" : " round-active"}`}
      title={button.tooltip}
      aria-pressed={button.look === "default" ? undefined : true}
      onClick={() => embedder.pressTrayButton(button.id)}
    >
      <span class="round-sign" aria-hidden="true">
        {hasIcon && icon !== "" ? (
          <img src={icon} alt="" width="24" height="24" onError={() => setHasIcon(false)} />
        ) : (
          initial.toUpperCase()
        )}
      </span>
      <span class="round-words">{button.label}</span>
    </button>
  );
}

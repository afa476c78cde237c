import type { RefObject } from "preact";
import { Icon, type IconName } from "../ui/icon";

export interface RoundButtonProps {
  icon: IconName;
  /** What the button does; its accessible name. */
  label: string;
  /** Visible words, a part of `label`, where that is long. */
  short?: string;
  /** What it stands for is switched off. */
  off?: boolean;
  tone?: "plain" | "active" | "danger";
  /** For a button that stays what it is and is on or off. */
  pressed?: boolean;
  /** For a button that opens something. */
  expanded?: boolean;
  /** A number on the sign, that `label` says too; 0 for none. */
  count?: number;
  /** Keys that do the same, as `aria-keyshortcuts` has them. */
  keys?: string;
  disabled?: boolean;
  /** Goes into the menu where there is little room. */
  secondary?: boolean;
  button?: RefObject<HTMLButtonElement | null>;
  onClick: () => void;
}

/** A sign in a circle with its words below. */
export function RoundButton(props: RoundButtonProps) {
  const { icon, label, short = label, off = false, tone = "plain", count = 0, secondary = false } = props;
  const look = off ? "off" : props.pressed === true || props.expanded === true ? "active" : tone;
  return (
    <button
      {...(props.button && { ref: props.button })}
      type="button"
      class={`round round-${look}${secondary ? " round-secondary" : ""}`}
      aria-label={label}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      aria-keyshortcuts={props.keys}
      aria-disabled={props.disabled}
      onClick={() => {
        if (props.disabled !== true) props.onClick();
      }}
    >
      <span class="round-sign">
        <Icon name={icon} />
        {count > 0 && (
          <span class="round-count" aria-hidden="true">
            {count > 99 ? "99+" : count}
          </span>
        )}
      </span>
      <span class="round-words">{short}</span>
    </button>
  );
}

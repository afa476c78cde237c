import { Icon, type IconName } from "../ui/icon";

interface RoundButtonProps {
  icon: IconName;
  /** What the button does; its accessible name. */
  label: string;
  /** Visible words, a part of `label`, where that is long. */
  short?: string;
  /** What it stands for is switched off. */
  off?: boolean;
  /** The call does not permit it. */
  disabled?: boolean;
  tone?: "plain" | "active" | "danger";
  onClick: () => void;
}

/** A sign in a circle with its words below. */
export function RoundButton({ icon, label, short = label, off = false, disabled = false, tone = "plain", onClick }: RoundButtonProps) {
  const look = off ? "off" : tone;
  return (
    <button type="button" class={`round round-${look}`} aria-label={label} disabled={disabled} onClick={onClick}>
      <span class="round-sign">
        <Icon name={icon} />
      </span>
      <span class="round-words">{short}</span>
    </button>
  );
}

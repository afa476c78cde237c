import { Icon } from "../ui/icon";
import { useCallPage } from "./context";

/** Takes a notice away that has been read. */
export function CloseButton({ onClick }: { onClick: () => void }) {
  const { say } = useCallPage();
  return (
    <button type="button" class="notice-close" aria-label={say("call.dismiss")} onClick={onClick}>
      <Icon name="close" />
    </button>
  );
}

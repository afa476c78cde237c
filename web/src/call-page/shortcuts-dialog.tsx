import type { RefObject } from "preact";
import type { State } from "../core/state";
import { useCallPage } from "./context";
import { KEYS, shortcutsIn } from "./shortcuts";

interface ShortcutsDialogProps {
  dialog: RefObject<HTMLDialogElement | null>;
  room: State["room"];
}

/** The list of keys. */
export function ShortcutsDialog({ dialog, room }: ShortcutsDialogProps) {
  const { say } = useCallPage();
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="shortcuts-title">
      <h2 id="shortcuts-title">{say("shortcuts")}</h2>
      <dl class="shortcuts">
        {shortcutsIn(room).map((shortcut) => (
          <div key={shortcut}>
            <dt>{say(`shortcut.${shortcut}`)}</dt>
            <dd>
              <kbd>{KEYS[shortcut].replace("+", " + ")}</kbd>
            </dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button class="button button-primary">{say("settings.done")}</button>
      </form>
    </dialog>
  );
}

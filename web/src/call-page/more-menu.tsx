import { showsAlike } from "../core/arrangement";
import type { InCall, State } from "../core/state";
import { Icon, type IconName } from "../ui/icon";
import { useCallPage } from "./context";
import { canShare } from "./controls";
import { Popup } from "./popup";
import { canFloat, floatFront } from "./screen-modes";

interface MoreMenuProps {
  state: State;
  stage: InCall;
  onSettings: () => void;
  onShortcuts: () => void;
}

interface Item {
  icon: IconName;
  words: string;
  /** Only where the row of buttons has no place for it. */
  isSmallOnly?: boolean;
  act: () => void;
}

/** What one needs more seldom; on small screens, also what the row has no place for. */
export function MoreMenu(props: MoreMenuProps) {
  const { say } = useCallPage();
  const items = useItems(props);
  return (
    <Popup icon="more" label={say("more")} title={say("more")}>
      {(close) => (
        <ul class="menu">
          {items.map(({ icon, words, isSmallOnly = false, act }) => (
            <li key={words} class={isSmallOnly ? "menu-small" : undefined}>
              <button
                type="button"
                class="menu-item"
                onClick={() => {
                  close();
                  act();
                }}
              >
                <Icon name={icon} />
                {words}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Popup>
  );
}

function useItems({ state, stage, onSettings, onShortcuts }: MoreMenuProps): Item[] {
  const { call, conversation, embedder, look, say } = useCallPage();
  const { room, devices, talk, view } = state;
  const isHandUp = talk.hands.includes(stage.you.session_id);
  const isGrid = showsAlike(view.preference, stage.others.length);
  const items: (Item | false)[] = [
    room?.enable_people_ui === true && {
      icon: "people", words: say("people.button"), isSmallOnly: true, act: () => look.show("people"),
    },
    room?.enable_hand_raising === true && {
      icon: "hand", words: say(isHandUp ? "hand.lower" : "hand"), isSmallOnly: true, act: () => conversation.raiseHand(!isHandUp),
    },
    canShare && room?.enable_screenshare === true && devices.permitted.screen && !devices.sharing && {
      icon: "screen", words: say("share"), isSmallOnly: true, act: () => void call.shareScreen(),
    },
    { icon: "settings", words: say("settings"), act: onSettings },
    stage.others.length > 0 && {
      icon: isGrid ? "speaker" : "grid",
      words: say(isGrid ? "layout.speaker" : "layout.grid"),
      act: () => look.prefer(isGrid ? "speaker" : "grid"),
    },
    stage.mayAdmit && {
      icon: stage.locked ? "unlock" : "lock",
      words: say(stage.locked ? "unlock" : "lock"),
      act: () => call.lock(!stage.locked),
    },
    room?.enable_pip_ui === true && canFloat && { icon: "pip", words: say("float"), act: () => void floatFront() },
    embedder.canFullscreen && { icon: "fullscreen", words: say("fullscreen"), act: () => embedder.toggleFullscreen() },
    { icon: "keyboard", words: say("shortcuts"), act: onShortcuts },
  ];
  return items.filter((item) => item !== false);
}

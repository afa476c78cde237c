import type { State } from "../core/state";
import { Heading } from "../ui/heading";
import { useCallPage } from "./context";
import { DeviceTroubles } from "./device-troubles";
import { NoteForm } from "./knocks";
import { LineNotice } from "./notices";
import { Preview } from "./preview";

/** The waiting person: what is going on, and oneself as the others will see. */
export function Lobby({ state, ownerPresent }: { state: State; ownerPresent: boolean }) {
  const { call, say } = useCallPage();
  const replies = Object.values(state.view.notes);
  return (
    <main class="lobby">
      <div class="lobby-words">
        <span class="pulse" aria-hidden="true" />
        <Heading>{say("lobby")}</Heading>
        <p role="status">{say(ownerPresent ? "lobby.owner-present" : "lobby.owner-absent")}</p>
        <p class="quiet">{say("lobby.hint")}</p>
      </div>
      <LineNotice line={state.line} />
      <div role="status" class="lobby-reply">
        {replies.length > 0 && <p class="notice">{say("lobby.reply", { text: replies.at(-1) ?? "" })}</p>}
      </div>
      <Preview devices={state.devices} />
      <DeviceTroubles devices={state.devices} dismissible />
      <NoteForm id="lobby-note" label="lobby.note" to={null} />
      <button type="button" class="button button-quiet" onClick={() => call.leave()}>
        {say("leave")}
      </button>
    </main>
  );
}

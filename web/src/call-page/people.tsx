import { useRef } from "preact/hooks";
import type { InCall, State } from "../core/state";
import type { ParticipantView } from "../protocol/messages.gen";
import { Icon } from "../ui/icon";
import { useFocusHandOver } from "../ui/use-focus-hand-over";
import { useCallPage } from "./context";
import { Panel } from "./panel";

interface PeopleProps {
  state: State;
  stage: InCall;
}

/** Who is in the call, and how; for hosts, what they can do about it. */
export function PeoplePanel({ state, stage }: PeopleProps) {
  const { call, say } = useCallPage();
  const { hands } = state.talk;
  const place = (person: ParticipantView) => {
    const index = hands.indexOf(person.session_id);
    return index < 0 ? hands.length : index;
  };
  const others = [...stage.others].sort((one, other) => place(one) - place(other));
  return (
    <Panel id="people" title={say("people", { count: others.length + 1 })}>
      <ul class="people-list">
        {[...others, stage.you].map((person) => (
          <PersonRow
            key={person.session_id}
            person={person}
            isYou={person === stage.you}
            isHandUp={hands.includes(person.session_id)}
            isSpeaking={state.view.speaking.includes(person.session_id)}
            mayAct={stage.mayAdmit && person !== stage.you}
          />
        ))}
      </ul>
      {stage.mayAdmit && (
        <div class="people-lock">
          <button type="button" class="button button-quiet" onClick={() => call.lock(!stage.locked)}>
            <Icon name={stage.locked ? "unlock" : "lock"} />
            {say(stage.locked ? "unlock" : "lock")}
          </button>
          <p class="field-hint">{say(stage.locked ? "unlock.hint" : "lock.hint")}</p>
        </div>
      )}
    </Panel>
  );
}

interface PersonRowProps {
  person: ParticipantView;
  isYou: boolean;
  isHandUp: boolean;
  isSpeaking: boolean;
  mayAct: boolean;
}

function PersonRow({ person, isYou, isHandUp, isSpeaking, mayAct }: PersonRowProps) {
  const { say } = useCallPage();
  const row = useFocusHandOver<HTMLLIElement>(() => document.querySelector("#people-title"));
  const name = person.user_name || say("guest");
  const states = [
    person.is_owner ? say("people.host") : "",
    isHandUp ? say("tile.hand") : "",
    person.media.screen ? say("people.shares") : "",
    person.media.audio ? "" : say("tile.microphone-off"),
    person.media.video ? "" : say("people.camera-off"),
    person.connected ? "" : say("people.lost"),
  ];
  return (
    <li ref={row} class="person" data-speaking={isSpeaking ? "yes" : undefined}>
      <div class="person-words">
        <strong>{isYou ? say("tile.you.named", { name }) : name}</strong>
        <span class="person-state">{states.filter((state) => state !== "").join(" · ")}</span>
      </div>
      <span class="person-signs">
        {isHandUp && <Icon name="hand" />}
        <Icon name={person.media.audio ? "microphone" : "microphone-off"} />
        <Icon name={person.media.video ? "camera" : "camera-off"} />
      </span>
      {mayAct && <HostActions person={person} name={name} />}
    </li>
  );
}

function HostActions({ person, name }: { person: ParticipantView; name: string }) {
  const { call, say } = useCallPage();
  const question = useRef<HTMLDialogElement>(null);
  const { session_id: sessionId, media } = person;
  const action = (words: string, label: string, act: () => void) => (
    <button type="button" class="button button-quiet button-small" aria-label={label} onClick={act}>
      {words}
    </button>
  );
  return (
    <div class="person-actions">
      {media.audio && action(say("host.mute"), say("host.mute.named", { name }), () => call.mute(sessionId, "audio"))}
      {media.video && action(say("host.camera"), say("host.camera.named", { name }), () => call.mute(sessionId, "video"))}
      {media.screen && action(say("host.share"), say("host.share.named", { name }), () => call.mute(sessionId, "screen"))}
      {action(say("host.remove"), say("host.remove.named", { name }), () => question.current?.showModal())}
      <dialog ref={question} class="dialog" aria-labelledby={`remove-${sessionId}`}>
        <h2 id={`remove-${sessionId}`}>{say("host.remove.question", { name })}</h2>
        <p>{say("host.remove.hint")}</p>
        <form method="dialog" class="dialog-buttons">
          <button class="button button-quiet">{say("host.remove.no")}</button>
          <button class="button button-quiet" onClick={() => call.eject(sessionId, { ban: true })}>
            {say("host.remove.ban")}
          </button>
          <button class="button button-danger" onClick={() => call.eject(sessionId, { ban: false })}>
            {say("host.remove")}
          </button>
        </form>
      </dialog>
    </div>
  );
}

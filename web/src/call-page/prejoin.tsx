import { useRef, useState } from "preact/hooks";
import { MAX_NAME_LENGTH } from "../protocol/messages.gen";
import type { State } from "../core/state";
import { Brand } from "../ui/brand";
import { Heading } from "../ui/heading";
import { ConnectionCheck } from "./connection-check";
import { useCallPage } from "./context";
import { DeviceChoice } from "./device-choice";
import { DeviceTroubles } from "./device-troubles";
import { subjectOf } from "./names";
import { Preview } from "./preview";
import { SpeakerTest } from "./speaker-test";

interface PrejoinProps {
  state: State;
  room: string;
  entering: boolean;
}

/** Before the call: see yourself, choose devices, write your name. */
export function Prejoin({ state, room, entering }: PrejoinProps) {
  const { say, appointment } = useCallPage();
  const knocks = state.access === "knock";
  const subject = subjectOf(state, room, appointment);
  return (
    <main class="prejoin">
      <div class="prejoin-parts">
        <header class="prejoin-head">
          <Brand />
          <Heading>{say("prejoin")}</Heading>
          {appointment !== null && <p>{say("prejoin.appointment", { ...appointment })}</p>}
          {appointment === null && subject !== "" && <p>{say("prejoin.room", { room })}</p>}
        </header>
        <Preview devices={state.devices} />
        <div class="prejoin-troubles">
          <DeviceTroubles devices={state.devices} />
        </div>
        <EntryForm state={state} entering={entering} knocks={knocks} />
        <div class="prejoin-devices">
          <DeviceChoice devices={state.devices} />
          <div class="prejoin-tests">
            <SpeakerTest speaker={state.devices.chosen.speaker} />
            <ConnectionCheck iceServers={state.iceServers} />
          </div>
        </div>
      </div>
    </main>
  );
}

interface EntryFormProps {
  state: State;
  entering: boolean;
  knocks: boolean;
}

function EntryForm({ state, entering, knocks }: EntryFormProps) {
  const { call, say } = useCallPage();
  const given = state.you?.user_name ?? "";
  const [written, setWritten] = useState(state.userName);
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const enter = (event: SubmitEvent) => {
    event.preventDefault();
    if (entering) return;
    const name = (given || written).trim();
    setMissing(name === "");
    if (name === "") field.current?.focus();
    else call.join(name);
  };
  const hint = missing ? "prejoin.name.missing" : given !== "" ? "prejoin.name.given" : null;
  return (
    <form class="prejoin-form" noValidate onSubmit={enter}>
      <div class="field">
        <label for="user-name">{say("prejoin.name")}</label>
        <input
          ref={field}
          id="user-name"
          autocomplete="name"
          maxLength={MAX_NAME_LENGTH}
          required
          readOnly={given !== ""}
          value={given || written}
          aria-invalid={missing}
          aria-describedby={hint === null ? undefined : "user-name-hint"}
          onInput={(event) => setWritten(event.currentTarget.value)}
        />
        {hint !== null && (
          <p id="user-name-hint" class={missing ? "field-error" : "field-hint"}>
            {say(hint)}
          </p>
        )}
      </div>
      <button type="submit" class="button button-primary button-large" aria-disabled={entering}>
        {say(knocks ? "prejoin.ask" : "prejoin.join")}
      </button>
      <p role="status" class="field-hint">
        {entering ? say("prejoin.entering") : knocks ? say("prejoin.ask.hint") : ""}
      </p>
    </form>
  );
}

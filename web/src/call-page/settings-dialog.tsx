import type { RefObject } from "preact";
import type { State } from "../core/state";
import { useCallPage } from "./context";
import { DeviceChoice } from "./device-choice";
import { SpeakerTest } from "./speaker-test";

interface SettingsDialogProps {
  dialog: RefObject<HTMLDialogElement | null>;
  state: State;
}

/** Devices in the middle of a call, and what else the room lets choose. */
export function SettingsDialog({ dialog, state }: SettingsDialogProps) {
  const { call, say } = useCallPage();
  const { devices, room } = state;
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="settings-title">
      <h2 id="settings-title">{say("settings")}</h2>
      <DeviceChoice devices={devices} />
      <SpeakerTest speaker={devices.chosen.speaker} />
      {room?.enable_noise_cancellation_ui === true && devices.microphone.track !== null && (
        <Switch
          words={say("settings.noise")}
          isOn={devices.quiets}
          onChange={(isOn) => void call.quietNoise(isOn)}
        />
      )}
      {room?.enable_video_processing_ui === true && devices.blurs !== null && (
        <Switch words={say("settings.blur")} isOn={devices.blurs} onChange={(isOn) => void call.blurBackground(isOn)} />
      )}
      {room?.enable_network_ui === true && <NetworkFacts network={state.view.network} />}
      <form method="dialog">
        <button class="button button-primary">{say("settings.done")}</button>
      </form>
    </dialog>
  );
}

interface SwitchProps {
  words: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

function Switch({ words, isOn, onChange }: SwitchProps) {
  return (
    <label class="switch">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} />
      {words}
    </label>
  );
}

function NetworkFacts({ network: { step, isIncomingWeak, worst } }: { network: State["view"]["network"] }) {
  const { say, locale } = useCallPage();
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const written = (share: number | null) => (share === null ? "–" : percent.format(share));
  const state = step > 1 ? "bad" : step > 0 || isIncomingWeak ? "weak" : "good";
  return (
    <dl class="facts" aria-label={say("network")}>
      <div>
        <dt>{say("network")}</dt>
        <dd>{say(`network.${state}`)}</dd>
      </div>
      <div>
        <dt>{say("network.delay")}</dt>
        <dd>{worst.roundTrip === null ? "–" : say("network.milliseconds", { count: Math.round(worst.roundTrip * 1000) })}</dd>
      </div>
      <div>
        <dt>{say("network.lost")}</dt>
        <dd>
          {written(worst.lost)} / {written(worst.lostIncoming)}
        </dd>
      </div>
    </dl>
  );
}

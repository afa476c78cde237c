import type { DevicesView, Input } from "../core/devices";
import { Icon } from "../ui/icon";
import { useFocusHandOver } from "../ui/use-focus-hand-over";
import { useCallPage } from "./context";

/** For each wanted device that does not work: why, and what to do. */
export function DeviceTroubles({ devices, dismissible = false }: { devices: DevicesView; dismissible?: boolean }) {
  const inputs = (["camera", "microphone"] as const).filter(
    (input) => devices[input].wanted && devices[input].failure !== null,
  );
  return (
    <>
      {inputs.map((input) => (
        <DeviceTrouble key={input} input={input} devices={devices} dismissible={dismissible} />
      ))}
    </>
  );
}

interface DeviceTroubleProps {
  input: Input;
  devices: DevicesView;
  dismissible: boolean;
}

function DeviceTrouble({ input, devices, dismissible }: DeviceTroubleProps) {
  const { call, say } = useCallPage();
  const notice = useFocusHandOver<HTMLDivElement>();
  const { failure } = devices[input];
  if (failure === null) return null;
  return (
    <div ref={notice} class="notice notice-warning" role="alert">
      <Icon name="warning" />
      <div class="notice-body">
        <h2>{say(`${input}.${failure}`)}</h2>
        <p>
          {say(`${input}.${failure}.fix`)} {say(`${input}.without`)}
        </p>
        <div class="notice-buttons">
          <button type="button" class="button button-quiet" onClick={() => void call.setInput(input, true)}>
            {say("device.again")}
          </button>
          {dismissible && (
            <button type="button" class="button button-quiet" onClick={() => call.goOnWithout(input)}>
              {say("call.dismiss")}
            </button>
          )}
        </div>
      </div>
    </div>
  );
}

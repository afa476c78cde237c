import type { DeviceFailure } from "../core/device-failure";
import type { DevicesView, Input } from "../core/devices";
import { Icon } from "../ui/icon";
import { useFocusHandOver } from "../ui/use-focus-hand-over";
import { useCallPage } from "./context";

/** What stops camera and microphone alike, and is then said once. */
const SHARED = ["blocked", "dismissed", "blocked-by-system", "none-found", "in-use", "frame", "insecure", "unsupported", "lost", "unknown"] as const;

type Trouble = `${Input}.${DeviceFailure}` | `both.${(typeof SHARED)[number]}`;

interface DeviceTroublesProps {
  devices: DevicesView;
  dismissible?: boolean;
}

/** For each wanted device that does not work: why, and what to do. */
export function DeviceTroubles({ devices, dismissible = false }: DeviceTroublesProps) {
  const failed = (["camera", "microphone"] as const).filter(
    (input) => devices[input].wanted && devices[input].failure !== null,
  );
  const shared =
    failed.length === 2 && SHARED.find((reason) => failed.every((input) => devices[input].failure === reason));
  if (shared) {
    return <DeviceTrouble trouble={`both.${shared}`} inputs={failed} dismissible={dismissible} />;
  }
  return (
    <>
      {failed.map((input) => (
        <DeviceTrouble
          key={input}
          trouble={`${input}.${devices[input].failure ?? "unknown"}`}
          inputs={[input]}
          dismissible={dismissible}
        />
      ))}
    </>
  );
}

interface DeviceTroubleProps {
  trouble: Trouble;
  inputs: Input[];
  dismissible: boolean;
}

function DeviceTrouble({ trouble, inputs, dismissible }: DeviceTroubleProps) {
  const { call, ownAddress, say } = useCallPage();
  const notice = useFocusHandOver<HTMLDivElement>();
  const [what] = trouble.split(".") as [Input | "both"];
  return (
    <div ref={notice} class="notice notice-warning" role="alert">
      <Icon name="warning" />
      <div class="notice-body">
        <h2>{say(trouble)}</h2>
        <p>
          {say(`${trouble}.fix`)} {say(`${what}.without`)}
        </p>
        <div class="notice-buttons">
          {trouble.endsWith(".frame") && ownAddress !== null && (
            <a class="button button-primary" href={ownAddress} target="_blank" rel="noopener noreferrer">
              {say("frame.open")}
            </a>
          )}
          <button type="button" class="button button-quiet" onClick={() => void call.tryAgain(inputs)}>
            {say("device.again")}
          </button>
          {dismissible && (
            <button type="button" class="button button-quiet" onClick={() => call.goOnWithout(inputs)}>
              {say("call.dismiss")}
            </button>
          )}
        </div>
      </div>
    </div>
  );
}

import { useEffect, useRef, useState } from "preact/hooks";
import { arrivals } from "../core/chosen-devices";
import type { DevicesView, Kind } from "../core/devices";
import { useFocusHandOver } from "../ui/use-focus-hand-over";
import { useCallPage } from "./context";

/** Offers what was plugged in during the call. */
export function NewDeviceNotice({ devices }: { devices: DevicesView }) {
  const { choices } = devices;
  const before = useRef(choices);
  const [offered, setOffered] = useState<[Kind, string, string][]>([]);
  useEffect(() => {
    const added = arrivals(choices, before.current);
    before.current = choices;
    if (added.length > 0) setOffered(added);
  }, [choices]);
  const isThere = offered.every(([kind, id]) => choices[kind].some((choice) => choice.id === id));
  if (offered.length === 0 || !isThere) return null;
  return <Offer offered={offered} onDone={() => setOffered([])} />;
}

function Offer({ offered, onDone }: { offered: [Kind, string, string][]; onDone: () => void }) {
  const { call, say } = useCallPage();
  const notice = useFocusHandOver<HTMLDivElement>();
  const use = () => {
    for (const [kind, id] of offered) void call.chooseDevice(kind, id);
    onDone();
  };
  return (
    <div ref={notice} class="notice" role="status">
      <div class="notice-body">
        <p>{say("device.new", { name: offered[0]?.[2] ?? "" })}</p>
        <div class="notice-buttons">
          <button type="button" class="button button-primary" onClick={use}>
            {say("device.use")}
          </button>
          <button type="button" class="button button-quiet" onClick={onDone}>
            {say("device.not-now")}
          </button>
        </div>
      </div>
    </div>
  );
}

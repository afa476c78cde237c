import { useState } from "preact/hooks";
import { checkConnection, tellProof, type Proof } from "../core/connection-check";
import { Icon } from "../ui/icon";
import { useCallPage } from "./context";

type Result = Proof | "running" | null;

/** A button that proves that calls work from here, and what to do if they do not. */
export function ConnectionCheck({ iceServers }: { iceServers: RTCIceServer[] }) {
  const { say, appointment } = useCallPage();
  const [result, setResult] = useState<Result>(null);
  const [isTold, setTold] = useState(false);
  const check = async () => {
    if (result === "running") return;
    setResult("running");
    setTold(false);
    const proof = await checkConnection({ iceServers }).catch(() => "none" as const);
    setResult(proof);
    if (appointment !== null) setTold(await tellProof(appointment.link, proof));
  };
  return (
    <div class="connection-check">
      <button type="button" class="button button-quiet" aria-disabled={result === "running"} onClick={() => void check()}>
        <Icon name="weak" />
        {say("check")}
      </button>
      <div role="status">
        {result !== null && <Outcome result={result} />}
        {isTold && appointment !== null && <p class="field-hint">{say("check.told", { name: appointment.organization })}</p>}
      </div>
    </div>
  );
}

function Outcome({ result }: { result: NonNullable<Result> }) {
  const { say } = useCallPage();
  return <p class={result === "none" ? "notice notice-warning" : "field-hint"}>{say(`check.${result}`)}</p>;
}

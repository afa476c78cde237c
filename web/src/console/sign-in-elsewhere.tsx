import { useEffect, useState } from "preact/hooks";
import { ELSEWHERE, elsewhere } from "./api";
import { say } from "./say";

const REASONS = ["refused", "no-account", "cancelled", "unreachable"] as const;
type Reason = (typeof REASONS)[number];

/** The way in with an account at the provider that the installation names, if it names one. */
export function SignInElsewhere() {
  const [name, setName] = useState<string | null>(null);
  useEffect(() => {
    void elsewhere().then(setName);
  }, []);
  if (name === null) return null;
  return (
    <>
      <p class="or">{say("sign-in.or")}</p>
      <a class="button button-quiet" href={ELSEWHERE}>
        {say("sign-in.elsewhere", { name })}
      </a>
    </>
  );
}

/** Why the way in with an account elsewhere did not lead in. */
export function ElsewhereProblem({ reason }: { reason: Reason }) {
  return (
    <div class="notice notice-danger">
      <p class="notice-title">{say(`sign-in.elsewhere.${reason}`)}</p>
      <p>{say(`sign-in.elsewhere.${reason}.hint`)}</p>
    </div>
  );
}

/** What the address says of a try that has just failed; the address forgets it. */
export function takeReason(): Reason | null {
  const address = new URL(location.href);
  const reason = REASONS.find((each) => each === address.searchParams.get("oidc")) ?? null;
  if (reason !== null) {
    address.searchParams.delete("oidc");
    history.replaceState(history.state, "", address);
  }
  return reason;
}

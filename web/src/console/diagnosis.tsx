import { useState } from "preact/hooks";
import { Failed, Section } from "./parts";
import { say, translated } from "./say";
import { useDoing } from "./use-desk";

type Outcome = "pass" | "fail" | "unknown";
type Name = "link" | "window" | "room" | "provider" | "token" | "lobby" | "media" | "patient" | "specialist";
type Check = { name: Name; outcome: Outcome; says: string; fix: string | null };
type Found = { can_join: boolean; checks: Check[] };

const SHAPES: Record<Outcome, string> = {
  pass: "M7.5 12.5l3 3 6-7",
  fail: "M8.5 8.5l7 7m0-7l-7 7",
  unknown: "M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 16.5v.1",
};

/** Why somebody cannot join: every check on the way into the call, with the fix for what fails. */
export function Diagnosis({ path }: { path: string }) {
  const doing = useDoing();
  const [found, setFound] = useState<Found | null>(null);

  async function look() {
    const answer = await doing.ask<Found>(path);
    if (answer !== null) setFound(answer);
  }

  return (
    <Section title={say("diagnosis")} hint={say("diagnosis.hint")}>
      <div class="buttons">
        <button type="button" class="button button-primary" aria-disabled={doing.busy} onClick={() => void look()}>
          {say(doing.busy ? "diagnosis.busy" : found ? "diagnosis.again" : "diagnosis.check")}
        </button>
      </div>
      <Failed doing={doing} />
      <div role="status">
        {found && (
          <p class={`notice ${found.can_join ? "notice-good" : "notice-danger"}`}>
            {say(found.can_join ? "diagnosis.can" : "diagnosis.cannot")}
          </p>
        )}
      </div>
      {found && (
        <ol class="checks">
          {found.checks.map((check) => (
            <li key={check.name} class={`check-row check-${check.outcome}`}>
              <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
                <circle cx="12" cy="12" r="9.5" />
                <path d={SHAPES[check.outcome]} />
              </svg>
              <div class="row-words">
                <p class="row-title">
                  {say(`check.${check.name}`)}
                  <span class="visually-hidden">: {say(`outcome.${check.outcome}`)}</span>
                </p>
                <p>{translated(check.says)}</p>
                {check.fix && <p class="fix">{translated(check.fix)}</p>}
              </div>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

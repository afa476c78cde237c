import type { InCall } from "../core/state";
import type { KnockView } from "../protocol/messages.gen";
import { useFocusHandOver } from "../ui/use-focus-hand-over";
import { useCallPage } from "./context";

/** A card for each person who waits, for those who may let them in. */
export function Knocks({ call: { knocks, answered } }: { call: InCall }) {
  const { say } = useCallPage();
  if (knocks.length === 0) return null;
  return (
    <section class="knocks" aria-labelledby="knocks-title">
      <h2 id="knocks-title">{say("knocks")}</h2>
      <ul>
        {knocks.map((knock) => (
          <KnockCard key={knock.session_id} knock={knock} answered={answered.includes(knock.session_id)} />
        ))}
      </ul>
    </section>
  );
}

function KnockCard({ knock, answered }: { knock: KnockView; answered: boolean }) {
  const { call, say } = useCallPage();
  const card = useFocusHandOver<HTMLLIElement>(() => document.querySelector(".knock .button-primary"));
  const who = `knock-${knock.session_id}`;
  const answer = (reply: () => void) => () => {
    if (!answered) reply();
  };
  return (
    <li ref={card} class="knock">
      <p id={who}>
        <strong>{knock.user_name || say("guest")}</strong> {say("knocks.wants")}
        {!knock.is_invited && <span class="knock-stranger">{say("knocks.stranger")}</span>}
      </p>
      <div class="knock-buttons">
        <button
          type="button"
          class="button button-quiet"
          aria-describedby={who}
          aria-disabled={answered}
          onClick={answer(() => call.deny(knock.session_id))}
        >
          {say("deny")}
        </button>
        <button
          type="button"
          class="button button-primary"
          aria-describedby={who}
          aria-disabled={answered}
          onClick={answer(() => call.admit(knock.session_id))}
        >
          {say("admit")}
        </button>
      </div>
    </li>
  );
}

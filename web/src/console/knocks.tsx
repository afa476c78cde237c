import { useEffect, useRef, useState } from "preact/hooks";
import { chime } from "../ui/chime";
import type { Knock } from "./api";
import { Go } from "./parts";
import { locale, say } from "./say";

const FLASH_EVERY_MS = 1000;
const REMIND_EVERY_MS = 30_000;
const QUIET = "vestibule.knocks-quiet";

interface KnocksProps {
  knocks: readonly Knock[];
  organization: number;
}

/** Who waits to be let in, on every page of the console, with the way into their call. */
export function Knocks({ knocks, organization }: KnocksProps) {
  const [isQuiet, setQuiet] = useState(readQuiet);
  useAlarm(knocks, isQuiet);
  const turn = () => {
    setQuiet(!isQuiet);
    keepQuiet(!isQuiet);
  };
  return (
    <div role="status">
      {knocks.length > 0 && (
        <section class="knocks" aria-label={say("knocks")}>
          <ul>
            {knocks.map((knock) => (
              <KnockRow key={`${knock.appointment_id} ${knock.since}`} knock={knock} organization={organization} />
            ))}
          </ul>
          <label class="check">
            <input type="checkbox" checked={!isQuiet} onChange={turn} />
            {say("knocks.sound")}
          </label>
        </section>
      )}
    </div>
  );
}

function KnockRow({ knock, organization }: { knock: Knock; organization: number }) {
  const time = new Intl.DateTimeFormat(locale(), { timeStyle: "short" });
  const name = knock.name || say("knocks.somebody");
  return (
    <li class="knock">
      <div class="row-words">
        <p class="row-title">{say("knocks.waits", { name })}</p>
        <p class="quiet small">
          <Go to={{ page: "appointment", organization, appointment: knock.appointment_id }}>
            {say("knocks.for", { name: knock.specialist_name, time: time.format(new Date(knock.started_at)) })}
          </Go>{" "}
          · {say("knocks.since", { time: time.format(new Date(knock.since)) })}
        </p>
      </div>
      <a class="button button-primary" href={knock.specialist_url} target="_blank" rel="noreferrer">
        {say("knocks.enter")}
        <span class="visually-hidden"> {say("knocks.enter.of", { name })}</span>
      </a>
    </li>
  );
}

/** While somebody waits, the tab's title flashes their name; each new one sounds, and again every 30 seconds. */
function useAlarm(knocks: readonly Knock[], isQuiet: boolean): void {
  const latest = knocks.at(-1);
  const heard = latest ? `${latest.appointment_id} ${latest.since}` : null;
  const title = latest ? say("knocks.title", { name: latest.name || say("knocks.somebody") }) : "";
  const usual = useRef("");

  useEffect(() => {
    if (heard === null || isQuiet) return undefined;
    void chime();
    const timer = setInterval(() => void chime(), REMIND_EVERY_MS);
    return () => clearInterval(timer);
  }, [heard, isQuiet]);

  useEffect(() => {
    if (title === "") return undefined;
    const flash = () => {
      if (document.title === title) document.title = usual.current;
      else {
        usual.current = document.title; // another page may have opened meanwhile
        document.title = title;
      }
    };
    flash();
    const timer = setInterval(flash, FLASH_EVERY_MS);
    return () => {
      clearInterval(timer);
      if (document.title === title) document.title = usual.current;
    };
  }, [title]);
}

function readQuiet(): boolean {
  try {
    return localStorage.getItem(QUIET) === "yes";
  } catch {
    return false;
  }
}

function keepQuiet(isQuiet: boolean): void {
  try {
    localStorage.setItem(QUIET, isQuiet ? "yes" : "no");
  } catch {
    // Then it holds until the page is closed.
  }
}

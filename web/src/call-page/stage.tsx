import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Arrangement, arrange, frontOf, lastRow, shownInStrip } from "../core/arrangement";
import type { InCall, State } from "../core/state";
import { useCallPage, usePresentation } from "./context";
import { OtherTile, OwnTile, type Place, Screen } from "./tile";

interface StageProps {
  state: State;
  call: InCall;
}

/** Everybody's pictures, laid out as `arrangement` says. */
export function Stage({ state, call }: StageProps) {
  const { say } = useCallPage();
  const { localVideo, names } = usePresentation();
  const people = useRef<HTMLElement>(null);
  const size = useSize(people);
  const { you, others, remotes } = call;
  const { preference, pinned, activeSpeaker } = state.view;
  const own = localVideo ? [you] : [];
  const screens = others.filter(({ media }) => media.screen).map(({ session_id }) => ({ session_id: screenOf(session_id) }));
  const front = screens.length > 0 ? frontOf([...screens.toReversed(), ...others], pinned, null) : frontOf(others, pinned, activeSpeaker);
  const isPinned = pinned !== null && front?.session_id === pinned;
  const arrangement = arrange({ people: others.length + own.length, screens: screens.length, isPinned, preference, ...size });
  const order = [...screens, ...others, ...own].map(({ session_id }) => session_id);
  const { places, hidden } = placesOf(order, front?.session_id ?? null, arrangement);
  useLayoutEffect(() => {
    for (const [name, value] of Object.entries(measures(arrangement, order.length))) people.current?.style.setProperty(name, value);
  });
  const canPin = others.length > 1 || screens.length > 0;
  const shared = (sessionId: string) => ({
    place: places.get(sessionId) ?? "strip",
    ...(canPin && { isPinned: isPinned && pinned === sessionId }),
  });
  const sound = { soundBlocked: state.soundBlocked, speaker: state.devices.chosen.speaker };
  return (
    <div
      class="stage"
      data-arrangement={arrangement.name}
      data-strip={arrangement.name === "front" ? arrangement.strip : undefined}
      data-names={names ? "shown" : "hidden"}
    >
      <section ref={people} class="people" aria-label={say("call.people")}>
        {others
          .filter(({ media }) => media.screen)
          .map((person) => (
            <Screen
              key={screenOf(person.session_id)}
              person={person}
              remote={remotes[person.session_id]}
              {...sound}
              {...shared(screenOf(person.session_id))}
            />
          ))}
        {others.map((person) => (
          <OtherTile
            key={person.session_id}
            person={person}
            remote={remotes[person.session_id]}
            isSpeaking={state.view.speaking.includes(person.session_id)}
            isHandUp={state.talk.hands.includes(person.session_id)}
            {...sound}
            {...shared(person.session_id)}
          />
        ))}
        {localVideo && <OwnTile key="own" person={you} state={state} place={places.get(you.session_id) ?? "strip"} />}
        {hidden > 0 && (
          <p key="hidden" class="more-people">
            {say("call.more-people", { count: hidden })}
          </p>
        )}
        {others.length === 0 && call.knocks.length === 0 && (
          <div key="alone" class="alone">
            <h2>{say("call.alone")}</h2>
            <p>{say("call.alone.hint")}</p>
          </div>
        )}
      </section>
    </div>
  );
}

/** A shared screen stands among the tiles under a name of its own. */
const screenOf = (sessionId: string): string => `screen:${sessionId}`;

interface Placed {
  places: Map<string, Place>;
  /** How many are in the call but not on the stage. */
  hidden: number;
}

function placesOf(order: string[], front: string | null, arrangement: Arrangement): Placed {
  if (arrangement.name === "front") {
    const { shown, hidden } = shownInStrip(order.filter((id) => id !== front), arrangement.fits);
    const places = order.map((id) => [id, id === front ? "front" : shown.includes(id) ? "strip" : "away"] as const);
    return { places: new Map(places), hidden };
  }
  if (arrangement.name !== "grid") return { places: new Map(order.map((id) => [id, "alike"])), hidden: 0 };
  const { first } = lastRow(order.length, arrangement.columns);
  return { places: new Map(order.map((id, index) => [id, index === first ? "last-row" : "alike"])), hidden: 0 };
}

function measures(arrangement: Arrangement, people: number): Record<string, string> {
  if (arrangement.name === "front") {
    return {
      "--tile-width": `${arrangement.tile.width}px`,
      "--tile-height": `${arrangement.tile.height}px`,
    };
  }
  if (arrangement.name !== "grid") return {};
  const { columns } = arrangement;
  return { "--columns": String(columns), "--last-row": String(lastRow(people, columns).start) };
}

/** The element's size in pixels, followed as it changes. */
function useSize(element: { current: HTMLElement | null }): { width: number; height: number } {
  const [size, setSize] = useState({ width: 16, height: 9 });
  useLayoutEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return size;
}

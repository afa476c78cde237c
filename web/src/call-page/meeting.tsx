import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { arrange } from "../core/arrangement";
import type { InCall, State } from "../core/state";
import { Heading } from "../ui/heading";
import { useCallPage, usePresentation } from "./context";
import { Controls } from "./controls";
import { Knocks } from "./knocks";
import { CallNotices } from "./notices";
import { OtherTile, OwnTile, Screen } from "./tile";

interface MeetingProps {
  state: State;
  call: InCall;
  room: string;
}

/** The call itself. */
export function Meeting({ state, call, room }: MeetingProps) {
  const { say } = useCallPage();
  return (
    <main class="meeting">
      <Heading hidden>{say("call", { room })}</Heading>
      <Stage state={state} call={call} />
      <div class="meeting-notices">
        <Knocks call={call} />
        <CallNotices state={state} />
      </div>
      <Controls state={state} />
    </main>
  );
}

function Stage({ state, call: { you, others, remotes } }: Omit<MeetingProps, "room">) {
  const { say } = useCallPage();
  const { localVideo, names } = usePresentation();
  const people = useRef<HTMLElement>(null);
  const size = useSize(people);
  const sharing = others.filter(({ media }) => media.screen);
  const arrangement = arrange({ people: others.length + (localVideo ? 1 : 0), screens: sharing.length, ...size });
  useLayoutEffect(() => {
    const columns = arrangement.name === "grid" ? arrangement.columns : 1;
    people.current?.style.setProperty("--columns", String(columns));
  });
  const sound = { soundBlocked: state.soundBlocked, speaker: state.devices.chosen.speaker };
  return (
    <div class="stage" data-arrangement={arrangement.name} data-names={names ? "shown" : "hidden"}>
      {sharing.map((person) => (
        <Screen key={person.session_id} person={person} remote={remotes[person.session_id]} {...sound} />
      ))}
      <section ref={people} class="people" aria-label={say("call.people")}>
        {others.map((person) => (
          <OtherTile key={person.session_id} person={person} remote={remotes[person.session_id]} {...sound} />
        ))}
        {localVideo && <OwnTile key="own" person={you} state={state} />}
        {others.length === 0 && (
          <div class="alone">
            <h2>{say("call.alone")}</h2>
            <p>{say("call.alone.hint")}</p>
          </div>
        )}
      </section>
    </div>
  );
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

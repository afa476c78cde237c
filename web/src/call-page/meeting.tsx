import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { arrange } from "../core/arrangement";
import type { InCall, State } from "../core/state";
import { Heading } from "../ui/heading";
import { Icon } from "../ui/icon";
import { useCallPage } from "./context";
import { Controls } from "./controls";
import { Knocks } from "./knocks";
import { CallNotices } from "./notices";
import { OtherTile, OwnTile } from "./tile";
import { Video } from "./video";

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
  const stage = useRef<HTMLElement>(null);
  const size = useSize(stage);
  const sharing = others.filter(({ session_id, media }) => media.screen && remotes[session_id] !== undefined);
  const arrangement = arrange({ people: others.length + 1, screens: sharing.length, ...size });
  useLayoutEffect(() => {
    const columns = arrangement.name === "grid" ? arrangement.columns : 1;
    stage.current?.style.setProperty("--columns", String(columns));
    stage.current?.style.setProperty("--stage-height", `${size.height}px`);
  });
  const speaker = state.devices.chosen.speaker;
  return (
    <section ref={stage} class="stage" data-arrangement={arrangement.name} aria-label={say("call.people")}>
      {sharing.map(({ session_id, user_name }) => (
        <figure key={`screen-${session_id}`} class="screen" data-screen={session_id}>
          <Video
            {...(remotes[session_id] && { stream: remotes[session_id].screen })}
            muted={state.soundBlocked}
            speaker={speaker}
          />
          <figcaption class="tile-name">
            <Icon name="screen" />
            <span>{say("call.screen", { name: user_name || say("guest") })}</span>
          </figcaption>
        </figure>
      ))}
      {others.map((person) => (
        <OtherTile
          key={person.session_id}
          person={person}
          remote={remotes[person.session_id]}
          soundBlocked={state.soundBlocked}
          speaker={speaker}
        />
      ))}
      <OwnTile key="own" person={you} state={state} />
      {others.length === 0 && (
        <div class="alone">
          <h2>{say("call.alone")}</h2>
          <p>{say("call.alone.hint")}</p>
        </div>
      )}
    </section>
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

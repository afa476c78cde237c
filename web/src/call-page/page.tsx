import { useEffect } from "preact/hooks";
import type { State } from "../core/state";
import { useStore } from "../ui/use-store";
import { Announcer } from "./announcer";
import { useCallPage } from "./context";
import { KnockAlarm } from "./knock-alarm";
import { LeavePage, Loading, RefusedPage } from "./message-pages";
import { Lobby } from "./lobby";
import { Meeting } from "./meeting";
import { OwnRecording } from "./own-recording";
import { Prejoin } from "./prejoin";
import { titleOf } from "./title";

/** The whole page: one view for each stage on the way through a call. */
export function Page({ room }: { room: string }) {
  const { call, say, isReady, appointment } = useCallPage();
  const state = useStore(call.store);
  const title = titleOf(state, room, appointment, say);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      {isReady ? <View state={state} room={room} /> : <Loading unreachable={state.line === "lost"} />}
      <Announcer />
      <OwnRecording state={state} room={room} />
      {state.stage.name === "call" && (
        <KnockAlarm knocks={state.stage.knocks} title={title} speaker={state.devices.chosen.speaker} />
      )}
    </>
  );
}

function View({ state, room }: { state: State; room: string }) {
  const { stage } = state;
  switch (stage.name) {
    case "loading":
      return <Loading unreachable={state.line === "lost"} />;
    case "prejoin":
      return <Prejoin state={state} room={room} entering={stage.entering} />;
    case "lobby":
      return <Lobby state={state} ownerPresent={stage.ownerPresent} />;
    case "call":
      return <Meeting state={state} call={stage} room={room} />;
    case "refused":
      return <RefusedPage {...stage} />;
    case "left":
      return <LeavePage reason="left" room={state.room} />;
    case "ended":
      return <LeavePage reason={stage.reason} room={state.room} />;
  }
}

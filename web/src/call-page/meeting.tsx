import type { InCall, State } from "../core/state";
import { Heading } from "../ui/heading";
import { ChatPanel } from "./chat";
import { ChatToast } from "./chat-toast";
import { useCallPage } from "./context";
import { Controls } from "./controls";
import { Knocks } from "./knocks";
import { callName } from "./names";
import { CallNotices } from "./notices";
import { PeoplePanel } from "./people";
import { Reactions } from "./reactions";
import { RecordingNotices } from "./recording";
import { Stage } from "./stage";
import { TimeLeft } from "./time-left";
import { useShortcuts } from "./use-shortcuts";

interface MeetingProps {
  state: State;
  call: InCall;
  room: string;
}

/** The call itself. */
export function Meeting({ state, call: stage, room }: MeetingProps) {
  const { say, appointment } = useCallPage();
  const { panel } = state.view;
  useShortcuts();
  return (
    <main class="meeting" data-panel={panel ?? undefined}>
      <Heading hidden>{callName(state, room, appointment, say)}</Heading>
      <Stage state={state} call={stage} />
      {panel === "chat" && <ChatPanel state={state} />}
      {panel === "people" && <PeoplePanel state={state} stage={stage} />}
      <div class="meeting-notices">
        {state.devices.sharing && <p class="sharing">{say("call.sharing")}</p>}
        <RecordingNotices call={stage} />
        <Knocks call={stage} notes={state.view.notes} />
        <TimeLeft
          endsAt={stage.you.will_eject_at}
          mayExtend={stage.you.is_owner && state.room?.may_be_extended === true}
          extensions={stage.extensions.length}
        />
        <CallNotices state={state} />
      </div>
      <ChatToast state={state} />
      <Reactions talk={state.talk} stage={stage} />
      <Controls state={state} stage={stage} />
    </main>
  );
}

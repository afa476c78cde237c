import {
  DailyProvider,
  useActiveSpeakerId,
  useAppMessage,
  useCallFrame,
  useDailyError,
  useDevices,
  useLocalSessionId,
  useMeetingState,
  useNetwork,
  useParticipantCounts,
  useParticipantIds,
  useParticipantProperty,
  usePermissions,
  useRecording,
  useRoom,
  useScreenShare,
} from "@daily-co/daily-react";
import { useRef, useState } from "react";
import { createRoot } from "react-dom/client";

function Person({ id }) {
  const [name, video, audio] = useParticipantProperty(id, ["user_name", "tracks.video.state", "tracks.audio.state"]);
  return <li>{`${name}: video ${video}, audio ${audio}`}</li>;
}

function Hooks() {
  const state = useMeetingState();
  const ids = useParticipantIds({ filter: "remote" });
  const own = useLocalSessionId();
  const { present } = useParticipantCounts();
  const { meetingError } = useDailyError();
  const speaker = useActiveSpeakerId();
  const { threshold } = useNetwork();
  const { isRecording } = useRecording();
  const { isSharingScreen } = useScreenShare();
  const { canSendAudio, canAdminParticipants } = usePermissions();
  const { camState, micState } = useDevices();
  const room = useRoom();
  const [said, setSaid] = useState("");
  const send = useAppMessage({ onAppMessage: ({ data }) => setSaid(data.text) });
  return (
    <section aria-label="hooks">
      <p>{`state ${state}, present ${present}, error ${meetingError?.error?.type ?? "none"}`}</p>
      <p>{`said ${said}, speaker ${speaker === null ? "nobody" : "somebody"}`}</p>
      <p>{`network ${threshold}, recording ${isRecording}, sharing ${isSharingScreen}, room ${room?.name}`}</p>
      <p>{`may speak ${canSendAudio}, may admit ${canAdminParticipants}, devices ${camState} ${micState}`}</p>
      <ul>{[own, ...ids].filter(Boolean).map((id) => <Person key={id} id={id} />)}</ul>
      <button type="button" onClick={() => send({ text: "from hooks" })}>Send</button>
    </section>
  );
}

function Host() {
  const place = useRef(null);
  const frame = useCallFrame({ parentElRef: place, options: { iframeStyle: { width: "900px", height: "600px" } } });
  window.frame = frame;
  return (
    <DailyProvider callObject={frame}>
      <div ref={place} />
      <Hooks />
    </DailyProvider>
  );
}

createRoot(document.getElementById("place")).render(<Host />);

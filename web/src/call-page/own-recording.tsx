import { useEffect, useRef } from "preact/hooks";
import type { InCall, State } from "../core/state";
import type { RecordingView } from "../protocol/messages.gen";
import { useCallPage } from "./context";
import type { Actor, Film } from "./film";

const LONGEST_MS = 3 * 3600 * 1000;

/** Makes the film of a local recording for as long as the server says that it is wanted, and saves it at the end. */
export function OwnRecording({ state, room }: { state: State; room: string }) {
  const { call, say } = useCallPage();
  const film = useRef<Promise<Film | null> | null>(null);
  const { stage } = state;
  const own = stage.name === "call" ? ownRecording(stage) : null;
  const id = own?.recording_id ?? null;
  const guest = say("guest");
  useEffect(() => {
    if (own === null) return;
    // After a reload nothing is being made any more, so nobody shall be told that it is.
    if (!call.recording.isAsked) return call.recording.stop(own.instance_id);
    const making = import("./film").then(({ beginFilm }) => beginFilm(() => actorsIn(call.store.state, guest)));
    film.current = making;
    const stop = () => call.recording.stop(own.instance_id);
    void making.then((made) => {
      if (made !== null) return;
      stop();
      const message = say("recording.no-film");
      call.store.dispatch({ type: "message", message: { type: "recording-error", instance_id: own.instance_id, message } });
    });
    const tooLong = setTimeout(stop, LONGEST_MS);
    addEventListener("beforeunload", askBack);
    return () => {
      clearTimeout(tooLong);
      removeEventListener("beforeunload", askBack);
      film.current = null;
      void making.then((made) => made?.end()).then((file) => file && save(file, `${room}-${new Date().toISOString().slice(0, 16)}`));
    };
  }, [id]);
  useEffect(() => void film.current?.then((made) => made?.follow(actorsIn(call.store.state, guest))));
  return null;
}

/** The recording that this browser makes. */
export function ownRecording({ you, recording }: InCall): RecordingView | null {
  return recording.recordings.find(({ kind, started_by }) => kind === "local" && started_by === you.session_id) ?? null;
}

/** Whom the film shows: everybody who may be recorded. */
function actorsIn({ stage, devices }: State, guest: string): Actor[] {
  if (stage.name !== "call") return [];
  const { consent } = stage.recording;
  const leftOut = new Set(consent?.left_out);
  const { microphone, camera } = devices;
  const you: Actor = {
    sessionId: stage.you.session_id,
    name: stage.you.user_name || guest,
    hasPicture: camera.wanted && camera.track !== null,
    hasScreen: false,
    sound: microphone.wanted && microphone.track !== null ? [microphone.track] : [],
  };
  const others = stage.others.map(({ session_id: sessionId, user_name, media }) => {
    const remote = stage.remotes[sessionId];
    const sound = [...(media.audio ? (remote?.camera.getAudioTracks() ?? []) : []), ...(remote?.screen.getAudioTracks() ?? [])];
    return { sessionId, name: user_name || guest, hasPicture: media.video, hasScreen: media.screen, sound };
  });
  const mayShowYou = consent === null || consent.answer === "agreed";
  return [...others.filter(({ sessionId }) => !leftOut.has(sessionId)), ...(mayShowYou ? [you] : [])];
}

function askBack(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${name.replaceAll(/[^\w.-]+/g, "-")}.${file.type.includes("mp4") ? "mp4" : "webm"}`;
  link.click();
}

import type { ComponentChildren } from "preact";
import type { Remote } from "../core/mesh";
import type { State } from "../core/state";
import type { ParticipantView } from "../protocol/messages.gen";
import { Icon } from "../ui/icon";
import { useCallPage } from "./context";
import { Video } from "./video";

/** Where a tile stands: in front, in the strip, not on the stage, or among others alike. */
export type Place = "front" | "strip" | "away" | "alike" | "last-row";

interface OtherProps {
  person: ParticipantView;
  remote: Remote | undefined;
  soundBlocked: boolean;
  speaker: string;
  place: Place;
  /** Whether the person holds it in front; not given where there is no choice. */
  isPinned?: boolean;
}

/** Somebody else in the call. Their sound comes from this tile's video element. */
export function OtherTile(props: OtherProps & { isSpeaking: boolean; isHandUp: boolean }) {
  const { person, remote, soundBlocked, speaker, place, isPinned, isSpeaking, isHandUp } = props;
  const { call, say } = useCallPage();
  const name = person.user_name || say("guest");
  const trouble = troubleOf(person, remote);
  return (
    <Tile
      person={person}
      name={name}
      tag={name}
      audio={person.media.audio}
      video={person.media.video}
      status={trouble === null ? null : say(`tile.${trouble}`)}
      place={place}
      isSpeaking={isSpeaking}
      isHandUp={isHandUp}
      pin={isPinned === undefined ? null : <PinButton id={person.session_id} name={name} isPinned={isPinned} />}
    >
      {remote === undefined ? (
        <video />
      ) : (
        <Video
          stream={remote.camera}
          muted={soundBlocked}
          speaker={speaker}
          onSoundBlocked={() => call.setSoundBlocked(true)}
          onReplaced={() => call.media.plays(person.session_id)}
          onHeight={(height) => call.media.shows(person.session_id, height)}
        />
      )}
    </Tile>
  );
}

/** Oneself: mirrored, as people know themselves, and silent. */
export function OwnTile({ person, state, place }: { person: ParticipantView; state: State; place: Place }) {
  const { say } = useCallPage();
  const { microphone, camera } = state.devices;
  const video = camera.wanted ? camera.track : null;
  return (
    <Tile
      person={person}
      name={say("tile.you.named", { name: person.user_name || say("guest") })}
      tag={say("tile.you")}
      audio={microphone.wanted && microphone.track !== null}
      video={video !== null}
      status={null}
      place={place}
      isHandUp={state.talk.hands.includes(person.session_id)}
      own
    >
      <Video tracks={[video]} muted mirrored />
    </Tile>
  );
}

/** What somebody else shares. */
export function Screen({ person, remote, soundBlocked, speaker, place, isPinned }: OtherProps) {
  const { say } = useCallPage();
  const name = say("call.screen", { name: person.user_name || say("guest") });
  return (
    <figure class="screen" data-screen={person.session_id} data-place={place}>
      {remote !== undefined && <Video stream={remote.screen} muted={soundBlocked} speaker={speaker} />}
      <figcaption class="tile-name">
        <Icon name="screen" />
        <span>{name}</span>
      </figcaption>
      {isPinned !== undefined && <PinButton id={`screen:${person.session_id}`} name={name} isPinned={isPinned} />}
    </figure>
  );
}

interface TileProps {
  person: ParticipantView;
  /** What the tile is called. */
  name: string;
  /** What stands on it. */
  tag: string;
  audio: boolean;
  video: boolean;
  status: string | null;
  place: Place;
  isSpeaking?: boolean;
  isHandUp: boolean;
  own?: boolean;
  pin?: ComponentChildren;
  children: ComponentChildren;
}

function Tile(props: TileProps) {
  const { person, name, tag, audio, video, status, place, isSpeaking = false, isHandUp, own = false } = props;
  const { say } = useCallPage();
  const [initial = say("guest.initial")] = person.user_name.trim();
  return (
    <div
      class={`tile${own ? " tile-own" : ""}`}
      role="group"
      aria-label={name}
      data-participant={person.session_id}
      data-video={video ? "on" : "off"}
      data-place={place}
      data-speaking={isSpeaking ? "yes" : undefined}
    >
      {status === null && (
        <span class="avatar" aria-hidden="true">
          {initial.toUpperCase()}
        </span>
      )}
      {props.children}
      {status !== null && <p class="tile-status">{status}</p>}
      <p class="tile-name">
        {!audio && <Icon name="microphone-off" />}
        <span>{tag}</span>
        {!audio && <span class="visually-hidden">, {say("tile.microphone-off")}</span>}
      </p>
      {isHandUp && (
        <p class="tile-hand">
          <Icon name="hand" />
          <span class="visually-hidden">{say("tile.hand")}</span>
        </p>
      )}
      {props.pin}
    </div>
  );
}

function PinButton({ id, name, isPinned }: { id: string; name: string; isPinned: boolean }) {
  const { look, say } = useCallPage();
  return (
    <button
      type="button"
      class="tile-pin"
      aria-pressed={isPinned}
      aria-label={say("tile.pin", { name })}
      title={say("tile.pin", { name })}
      onClick={() => look.pin(isPinned ? null : id)}
    >
      <Icon name="pin" />
    </button>
  );
}

function troubleOf(person: ParticipantView, remote: Remote | undefined): "interrupted" | "connecting" | null {
  if (remote?.link === "interrupted") return "interrupted";
  if (remote?.link === "connected") return null;
  return person.connected ? "connecting" : "interrupted";
}

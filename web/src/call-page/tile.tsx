import type { ComponentChildren } from "preact";
import type { Remote } from "../core/mesh";
import type { State } from "../core/state";
import type { ParticipantView } from "../protocol/messages.gen";
import { Icon } from "../ui/icon";
import { useCallPage } from "./context";
import { Video } from "./video";

interface OtherProps {
  person: ParticipantView;
  remote: Remote | undefined;
  soundBlocked: boolean;
  speaker: string;
}

/** Somebody else in the call. Their sound comes from this tile's video element. */
export function OtherTile({ person, remote, soundBlocked, speaker }: OtherProps) {
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
    >
      {remote === undefined ? (
        <video />
      ) : (
        <Video
          stream={remote.camera}
          muted={soundBlocked}
          speaker={speaker}
          onSoundBlocked={() => call.setSoundBlocked(true)}
        />
      )}
    </Tile>
  );
}

/** Oneself: mirrored, as people know themselves, and silent. */
export function OwnTile({ person, state }: { person: ParticipantView; state: State }) {
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
      own
    >
      <Video tracks={[video]} muted mirrored />
    </Tile>
  );
}

/** What somebody else shares. */
export function Screen({ person, remote, soundBlocked, speaker }: OtherProps) {
  const { say } = useCallPage();
  return (
    <figure class="screen" data-screen={person.session_id}>
      {remote !== undefined && <Video stream={remote.screen} muted={soundBlocked} speaker={speaker} />}
      <figcaption class="tile-name">
        <Icon name="screen" />
        <span>{say("call.screen", { name: person.user_name || say("guest") })}</span>
      </figcaption>
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
  own?: boolean;
  children: ComponentChildren;
}

function Tile({ person, name, tag, audio, video, status, own = false, children }: TileProps) {
  const { say } = useCallPage();
  const [initial = say("guest.initial")] = person.user_name.trim();
  return (
    <div
      class={`tile${own ? " tile-own" : ""}`}
      role="group"
      aria-label={name}
      data-participant={person.session_id}
      data-video={video ? "on" : "off"}
    >
      {children}
      {!video && (
        <span class="avatar" aria-hidden="true">
          {initial.toUpperCase()}
        </span>
      )}
      {status !== null && <p class="tile-status">{status}</p>}
      <p class="tile-name">
        {!audio && <Icon name="microphone-off" />}
        <span>{tag}</span>
        {!audio && <span class="visually-hidden">, {say("tile.microphone-off")}</span>}
      </p>
    </div>
  );
}

function troubleOf(person: ParticipantView, remote: Remote | undefined): "interrupted" | "connecting" | null {
  if (remote?.link === "interrupted") return "interrupted";
  if (remote?.link === "connected") return null;
  return person.connected ? "connecting" : "interrupted";
}

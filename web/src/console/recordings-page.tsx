import { useRef, useState } from "preact/hooks";
import { Answered, Failed, Go, Moment, PageHead } from "./parts";
import { locale, say, translated } from "./say";
import { useAsked, useDoing } from "./use-desk";

type Recording = {
  id: number;
  appointment_id: number;
  specialist_name: string | null;
  patient_name: string | null;
  started_by: string | null;
  state: "recording" | "making" | "ready" | "failed" | "deleted";
  at: string | null;
  duration_seconds: number | null;
  /** The part of the file that is made, 0 to 1. */
  progress: number | null;
  /** Why it is still there, although its days are over. */
  problem: string | null;
};
type RecordingFile = { url: string; holds: "film" | "audio" | "video" };
type Page = { total_count: number; keep_days: number | null; data: Recording[] };

interface RecordingsPageProps {
  organization: number;
  pulse: number;
}

/** The recorded appointments of an organization, to be played. */
export function RecordingsPage({ organization, pulse }: RecordingsPageProps) {
  const path = `organizations/${organization}/recordings`;
  const [before, setBefore] = useState<number[]>([]);
  const asked = useAsked<Page>(before.length > 0 ? `${path}?before=${before.at(-1)}` : path, pulse);

  return (
    <>
      <PageHead title={say("recordings")} hint={hint(asked.value?.keep_days ?? null)} />
      <Answered asked={asked}>
        {({ data, total_count }) =>
          total_count === 0 ? (
            <div class="empty">
              <p class="empty-title">{say("recordings.none")}</p>
              <p class="quiet">{say("recordings.none.hint")}</p>
            </div>
          ) : (
            <>
              <ul class="rows rows-card">
                {data.map((recording) => (
                  <RecordingRow key={recording.id} recording={recording} organization={organization} />
                ))}
              </ul>
              <nav class="buttons" aria-label={say("pages")}>
                {before.length > 0 && (
                  <button type="button" class="button button-quiet" onClick={() => setBefore(before.slice(0, -1))}>
                    {say("pages.newer")}
                  </button>
                )}
                {data.length === SHOWN && (
                  <button
                    type="button"
                    class="button button-quiet"
                    onClick={() => setBefore([...before, data.at(-1)?.id ?? 0])}
                  >
                    {say("pages.older")}
                  </button>
                )}
              </nav>
            </>
          )
        }
      </Answered>
    </>
  );
}

const SHOWN = 50;
const CHIPS = { recording: "chip-attention", making: "", ready: "chip-good", failed: "chip-bad", deleted: "" } as const;

/** What the page shows, and how long. */
function hint(days: number | null): string {
  const usual = say("recordings.hint");
  return days === null ? usual : `${usual} ${say("recordings.kept", { count: days })}`;
}

function RecordingRow({ recording, organization }: { recording: Recording; organization: number }) {
  const { id, appointment_id, specialist_name, patient_name, started_by, state, at, duration_seconds, progress } = recording;
  const doing = useDoing();
  const [files, setFiles] = useState<RecordingFile[] | null>(null);
  const who = say("recordings.of", { specialist: specialist_name ?? "–", patient: patient_name ?? "–" });

  const film = files?.find(({ holds }) => holds === "film");

  async function open() {
    const path = `organizations/${organization}/recordings/${id}/link`;
    const answer = await doing.send<{ files: RecordingFile[] }>(path);
    if (answer !== null) setFiles(answer.files);
  }

  return (
    <li class="row row-tall recording-row">
      <div class="recording-head">
        <div class="row-words">
          <p class="row-title">{who}</p>
          <p class="quiet small">
            {at !== null && <Moment at={at} />}
            {duration_seconds !== null && ` · ${length(duration_seconds)}`}
            {started_by !== null && ` · ${say("recordings.by", { name: started_by })}`}
            {" · "}
            <Go to={{ page: "appointment", organization, appointment: appointment_id }}>
              {say("appointment", { number: appointment_id })}
            </Go>
          </p>
        </div>
        <span class={`chip ${CHIPS[state]}`}>{say(`recordings.${state}`)}</span>
        {state === "ready" && (
          <button
            type="button"
            class="button button-quiet button-small"
            aria-expanded={files !== null}
            aria-disabled={doing.busy}
            onClick={() => (files === null ? void open() : setFiles(null))}
          >
            {say(files === null ? "recordings.play" : "recordings.close")}
            <span class="visually-hidden"> {who}</span>
          </button>
        )}
      </div>
      {state === "making" && progress !== null && <Making progress={progress} of={who} />}
      {recording.problem !== null && <p class="notice notice-warning">{still(recording.problem)}</p>}
      <Failed doing={doing} />
      {state === "ready" && film !== undefined && <Player address={film.url} label={who} onEnded={() => void open()} />}
      {state === "ready" && files !== null && film === undefined && <RawTracks files={files} />}
    </li>
  );
}

/** How far the file of a recording is. */
function Making({ progress, of }: { progress: number; of: string }) {
  const percent = new Intl.NumberFormat(locale(), { style: "percent" }).format(progress);
  return (
    <div class="making">
      <progress value={progress} aria-label={of} />
      <span class="quiet small">{say("recordings.part", { percent })}</span>
    </div>
  );
}

/** Why a recording is still there. */
function still(problem: string): string {
  const info = translated(problem);
  return say("recordings.still", { info: /[.!?]$/.test(info) ? info : `${info}.` });
}

/** What everybody sent, each in a file of its own: there is no film of it. */
function RawTracks({ files }: { files: RecordingFile[] }) {
  return (
    <div class="raw-tracks">
      <p class="quiet small">{say("recordings.tracks")}</p>
      <ol>
        {files.map(({ url, holds }) => (
          <li key={url}>
            <a href={url} download>
              {say(holds === "audio" ? "recordings.track.audio" : "recordings.track.video")}
            </a>
          </li>
        ))}
      </ol>
    </div>
  );
}

interface PlayerProps {
  address: string;
  label: string;
  /** The address has come to its end, or cannot be played. */
  onEnded: () => void;
}

/** Plays from an address that lives for minutes only: a new one is asked for, once, and playing goes on where it was. */
function Player({ address, label, onEnded }: PlayerProps) {
  const place = useRef(0);
  const failedAt = useRef<number | null>(null);
  const [isBroken, setBroken] = useState(false);

  function failed() {
    if (failedAt.current === place.current) return setBroken(true);
    failedAt.current = place.current;
    onEnded();
  }

  return (
    <div class="player">
      {isBroken && (
        <p class="notice notice-danger" role="alert">
          {say("recordings.broken")}
        </p>
      )}
      <video
        controls
        preload="metadata"
        src={address}
        aria-label={label}
        onLoadedMetadata={({ currentTarget }) => (currentTarget.currentTime = place.current)}
        onTimeUpdate={({ currentTarget }) => (place.current = currentTarget.currentTime)}
        onError={failed}
      />
      <p class="small">
        <a href={address} download>
          {say("recordings.download")}
        </a>
      </p>
    </div>
  );
}

function length(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => String(part).padStart(index === 0 ? 1 : 2, "0")).join(":");
}

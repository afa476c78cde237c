// What a host may ask, one handler each. A host gives no right: what needs one, the server decides.

import type { Call } from "../core/call";
import type { Kind } from "../core/devices";
import type { Look } from "../core/look";
import type { PresentationStore } from "../core/presentation";
import { isOver } from "../core/state";
import type { Asked, Told } from "./daily";
import { listed, selected } from "./device-events";
import { trayButtonsIn } from "./invitation";
import { networkStatistics } from "./network";
import { recordingOptions } from "./recordings";
import { updateParticipants } from "./updates";

export interface Desk {
  call: Call;
  look: Look;
  presentation: PresentationStore;
  tell: (message: Told) => void;
  setTheme: (theme: unknown) => void;
}

type Handler = (desk: Desk, asked: Asked) => object | void | Promise<object | void>;

/** Carry out what is asked; the answer is for those who wait for one. Never fails: a failure is an answer too. */
export async function answerTo(desk: Desk, asked: Asked): Promise<object> {
  const handler = Object.hasOwn(handlers, asked.action) ? handlers[asked.action] : undefined;
  if (handler === undefined) return unsupported(asked.action);
  try {
    return (await handler(desk, asked)) ?? {};
  } catch (error) {
    return refusal("unknown", error instanceof Error ? error.message : String(error));
  }
}

/** An answer that says no. Versions of daily-js read its words under different names. */
function refusal(type: string, msg: string): object {
  return { error: { type, msg, message: msg }, errorMsg: msg };
}

const unsupported = (action: string): object => refusal("unsupported", `${action} is not supported here`);

/** For what is told by events alone. */
const never =
  (action: string, what: string): Handler =>
  ({ tell }, { instanceId }) =>
    tell({ action, instanceId, errorMsg: `${what} is not available` });

const noTranscription = never("transcription-error", "transcription");
const noLiveStreaming = never("live-streaming-error", "live streaming");

const handlers: Record<string, Handler> = {
  "leave-meeting": ({ call, tell }) => {
    if (isOver(call.store.state.stage)) tell({ action: "left-meeting" });
    else call.leave();
  },

  // Microphone, camera, screen
  "local-audio": ({ call }, { state }) => void call.setInput("microphone", state === true),
  "local-video": ({ call }, { state }) => void call.setInput("camera", state === true),
  "local-screen-start": async ({ call, tell }) => {
    await call.shareScreen();
    const { sharing, sharingFailure } = call.store.state.devices;
    if (!sharing && sharingFailure === null) tell({ action: "local-screen-share-canceled" });
  },
  "local-screen-stop": ({ call }) => call.stopSharing(),
  "get-input-devices": ({ call }) => selected(call.store.state.devices),
  "enumerate-devices": ({ call }) => ({ devices: listed(call.store.state.devices) }),
  "set-input-devices": async ({ call }, { audioDeviceId, videoDeviceId }) => {
    if (typeof audioDeviceId === "string") await call.chooseDevice("microphone", audioDeviceId);
    if (typeof videoDeviceId === "string") await call.chooseDevice("camera", videoDeviceId);
    return selected(call.store.state.devices);
  },
  "set-output-device": async ({ call }, { outputDeviceId }) => {
    if (typeof outputDeviceId === "string") await call.chooseDevice("speaker", outputDeviceId);
    return selected(call.store.state.devices);
  },
  "cycle-camera": ({ call }) => nextDevice(call, "camera"),
  "cycle-mic": ({ call }) => nextDevice(call, "microphone"),

  // People
  "update-participant": ({ call }, { id, properties }) => updateParticipants(call, { [String(id)]: properties }),
  "update-participants": ({ call }, { participants }) => updateParticipants(call, participants),
  "app-msg": ({ call }, { data, to }) => call.sendAppMessage(data, receivers(to)),
  "set-user-name": ({ call }, { name }) => {
    call.setUserName(String(name));
    return { userName: String(name) };
  },
  "set-user-data": ({ call }, { userData }) => {
    call.setUserData(userData ?? null);
    return { userData };
  },

  // Questions
  "lib-room-info": ({ call }) => roomInfo(call),
  "get-meeting-session": ({ call }) => ({ meetingSession: { id: call.store.state.room?.id ?? "" } }),
  "get-network-topology": ({ call }) => ({ topology: topology(call) }),
  "set-network-topology": ({ call }, { opts, action }) =>
    (opts as { topology?: unknown } | undefined)?.topology === topology(call) ? {} : unsupported(action),
  "get-calc-stats": ({ call }) => ({ stats: networkStatistics(call.store.state.view.network, Date.now()) }),
  "get-cpu-load-stats": () => ({ cpuStats: { cpuLoadState: "low", cpuLoadStateReason: "none", stats: {} } }),

  // How the page looks
  "set-theme": ({ setTheme }, { theme }) => setTheme(theme),
  "get-daily-lang": ({ call }) => language(call),
  "set-daily-lang": ({ call, look, tell }, { lang }) => {
    look.speak(String(lang));
    tell({ action: "lang-updated", ...language(call) });
  },
  "set-active-speaker-mode": ({ look }, { enabled }) => look.prefer(enabled === true ? "speaker" : "grid"),
  "set-show-local-video": ({ presentation, tell }, { show }) => {
    presentation.dispatch({ localVideo: show === true });
    tell({ action: "show-local-video-changed", show: show === true });
  },
  "set-show-names": ({ presentation }, { mode }) =>
    presentation.dispatch({ names: mode !== "never" && mode !== false }),
  "get-sidebar-view": ({ call }) => ({ view: call.store.state.view.panel }),
  "set-sidebar-view": ({ look }, { view }) => look.show(view === "people" || view === "chat" ? view : null),
  "update-custom-tray-buttons": ({ presentation }, { btns }) =>
    presentation.dispatch({ trayButtons: trayButtonsIn(btns) }),

  // Recordings: what came of it is told as an event
  "local-recording-start": ({ call, tell }, options) => {
    if (mayRecord(call)) call.recording.start(recordingOptions(options));
    else tell({ action: "recording-error", errorMsg: NO_RECORDING });
  },
  "local-recording-stop": ({ call, tell }, { instanceId }) => {
    if (mayRecord(call)) call.recording.stop(typeof instanceId === "string" ? instanceId : null);
    else tell({ action: "recording-error", errorMsg: NO_RECORDING });
  },
  "daily-method-update-recording": ({ call, tell }, options) => {
    if (mayRecord(call)) call.recording.update(recordingOptions(options));
    else tell({ action: "recording-error", errorMsg: NO_RECORDING });
  },

  // What this server does not do ends in the error events that hosts know
  "daily-method-start-transcription": noTranscription,
  "daily-method-update-transcription": noTranscription,
  "daily-method-stop-transcription": noTranscription,
  "daily-method-start-live-streaming": noLiveStreaming,
  "daily-method-update-live-streaming": noLiveStreaming,
  "daily-method-update-live-streaming-endpoints": noLiveStreaming,
  "daily-method-stop-live-streaming": noLiveStreaming,

  // Switching processors off is no wish that could fail
  "update-input-settings": (_, { action, inputSettings }) =>
    hasProcessor(inputSettings) ? unsupported(action) : { inputSettings },
};

/** Whether these settings of daily-js ask for anything that changes picture or sound. */
function hasProcessor(settings: unknown): boolean {
  const { audio, video } = (settings ?? {}) as Partial<Record<string, { processor?: { type?: unknown }; settings?: unknown }>>;
  return [audio, video].some((part) => (part?.processor?.type ?? "none") !== "none" || part?.settings !== undefined);
}

const NO_RECORDING = "recording is not available in this room, or not to you";

const mayRecord = ({ store: { state } }: Call): boolean => state.stage.name === "call" && state.stage.mayRecord;

function topology({ store }: Call): "sfu" | "peer" {
  const { stage } = store.state;
  return stage.name === "call" && stage.isCarried ? "sfu" : "peer";
}

function language({ store: { state } }: Call): object {
  const setting = state.lang ?? state.room?.lang ?? "user";
  return { lang: setting === "user" ? navigator.language.slice(0, 2) : setting, langSetting: setting };
}

async function nextDevice(call: Call, kind: Kind): Promise<object> {
  const { choices, chosen } = call.store.state.devices;
  const at = choices[kind].findIndex(({ id }) => id === chosen[kind]);
  const next = choices[kind][(Math.max(at, 0) + 1) % choices[kind].length];
  if (next === undefined) return { device: null };
  await call.chooseDevice(kind, next.id);
  return { device: { deviceId: next.id, label: next.label } };
}

/** Session ids; null for everybody. */
function receivers(to: unknown): string | string[] | null {
  if (Array.isArray(to)) return to.map(String);
  return typeof to === "string" && to !== "*" ? to : null;
}

function roomInfo(call: Call): object {
  const { room, you } = call.store.state;
  if (room === null) return refusal("unknown", "the room is not known yet");
  const { id, name, ...config } = room;
  const tokenConfig = { user_name: you?.user_name ?? "", is_owner: you?.is_owner ?? false };
  return { id, name, config, domainConfig: {}, tokenConfig };
}

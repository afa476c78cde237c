// What a host may ask, one handler each. A host gives no right: what needs one, the server decides.

import type { Call } from "../core/call";
import type { Kind } from "../core/devices";
import type { Look } from "../core/look";
import type { PresentationStore } from "../core/presentation";
import { isOver } from "../core/state";
import type { Asked, Told } from "./daily";
import { listed, selected } from "./device-events";
import { trayButtonsIn } from "./invitation";
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
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function unsupported(action: string): object {
  const errorMsg = `${action} is not supported here`;
  return { error: errorMsg, errorMsg };
}

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
  "get-network-topology": () => ({ topology: "peer" }),
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

  // What this server does not do yet ends in the error events that hosts know
  "daily-method-start-transcription": ({ tell }, { instanceId }) =>
    tell({ action: "transcription-error", instanceId, errorMsg: "transcription is not available" }),
  "daily-method-start-live-streaming": ({ tell }, { instanceId }) =>
    tell({ action: "live-streaming-error", instanceId, errorMsg: "live streaming is not available" }),
};

const NO_RECORDING = "recording is not available in this room, or not to you";

const mayRecord = ({ store: { state } }: Call): boolean => state.stage.name === "call" && state.stage.mayRecord;

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
  if (room === null) return { error: "the room is not known yet" };
  const { id, name, ...config } = room;
  const tokenConfig = { user_name: you?.user_name ?? "", is_owner: you?.is_owner ?? false };
  return { id, name, config, domainConfig: {}, tokenConfig };
}

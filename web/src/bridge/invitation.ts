// What a host says when it has somebody join: checked here, because a host's objects can hold anything.

import type { Input } from "../core/devices";
import type { Presentation, TrayButton } from "../core/presentation";
import { colorsIn, type Colors } from "./theme";

export interface Invitation {
  token: string | null;
  userName: string;
  userData: unknown;
  /** A language and perhaps a region, or `user`; null: as the room says. */
  lang: string | null;
  /** Only what the host has decided. */
  wishes: Partial<Record<Input, boolean>>;
  /** Whether whoever speaks is shown large; null: as the person chooses. */
  activeSpeaker: boolean | null;
}

type Options = Readonly<Record<string, unknown>>;

const record = (value: unknown): Options => (typeof value === "object" && value !== null ? (value as Options) : {});
const text = (value: unknown): string => (typeof value === "string" ? value : "");

export function invitationIn(properties: unknown): Invitation {
  const options = record(properties);
  return {
    token: text(options.token) || null,
    userName: text(options.userName),
    userData: options.userData,
    lang: text(options.lang) || null,
    wishes: {
      ...(typeof options.startAudioOff === "boolean" && { microphone: !options.startAudioOff }),
      ...(typeof options.startVideoOff === "boolean" && { camera: !options.startVideoOff }),
    },
    activeSpeaker: typeof options.activeSpeakerMode === "boolean" ? options.activeSpeakerMode : null,
  };
}

/** How the host wants the call to be shown. Hosts expect a button to leave only where they asked for it. */
export function presentationIn(properties: unknown): Partial<Presentation> {
  const options = record(properties);
  return {
    driven: true,
    leaveButton: options.showLeaveButton === true,
    localVideo: options.showLocalVideo !== false,
    trayButtons: trayButtonsIn(options.customTrayButtons),
  };
}

export function trayButtonsIn(buttons: unknown): TrayButton[] {
  return Object.entries(record(buttons)).map(([id, value]) => {
    const button = record(value);
    const look = button.visualState;
    return {
      id,
      label: text(button.label),
      tooltip: text(button.tooltip),
      iconPath: text(button.iconPath),
      iconPathDarkMode: text(button.iconPathDarkMode),
      look: look === "sidebar-open" || look === "active" ? look : "default",
    };
  });
}

/** The colours of a theme for light and dark pages. */
export function themeIn(theme: unknown): { light: Colors; dark: Colors } {
  const given = record(theme);
  const [all, light, dark] = [given.colors, record(given.light).colors, record(given.dark).colors];
  return { light: colorsIn(light ?? all), dark: colorsIn(dark ?? light ?? all) };
}

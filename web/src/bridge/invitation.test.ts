import { describe, expect, it } from "vitest";
import { invitationIn, presentationIn, themeIn, trayButtonsIn } from "./invitation";
import { customProperties } from "./theme";

describe("an invitation", () => {
  it("holds what the host decides, and nothing that it does not", () => {
    expect(invitationIn({ token: "T", userName: "Ben", lang: "de", startVideoOff: true })).toMatchObject({
      token: "T",
      userName: "Ben",
      lang: "de",
      wishes: { camera: false },
    });
    expect(invitationIn({})).toMatchObject({ token: null, userName: "", lang: null, wishes: {} });
  });

  it.each([null, undefined, 7, "text", { token: 7, userName: {}, lang: [], startAudioOff: "yes" }])(
    "of a confused host (%j) is an empty one",
    (properties) => {
      expect(invitationIn(properties)).toMatchObject({ token: null, userName: "", lang: null, wishes: {} });
    },
  );
});

describe("a host's wishes for the look", () => {
  it("show its leave button only where it asks for ours", () => {
    expect(presentationIn({})).toMatchObject({ driven: true, leaveButton: false, localVideo: true });
    expect(presentationIn({ showLeaveButton: true, showLocalVideo: false })).toMatchObject({
      leaveButton: true,
      localVideo: false,
    });
  });

  it("name its buttons", () => {
    expect(trayButtonsIn({ notes: { label: "Notes", iconPath: "/n.svg", visualState: "active" }, odd: 7 })).toEqual([
      { id: "notes", label: "Notes", tooltip: "", iconPath: "/n.svg", iconPathDarkMode: "", look: "active" },
      { id: "odd", label: "", tooltip: "", iconPath: "", iconPathDarkMode: "", look: "default" },
    ]);
  });
});

describe("a theme", () => {
  it("has one set of colours, or one for light and one for dark", () => {
    expect(themeIn({ colors: { accent: "#abc" } })).toEqual({ light: { accent: "#aabbcc" }, dark: { accent: "#aabbcc" } });
    expect(themeIn({ light: { colors: { accent: "#111111" } }, dark: { colors: { accent: "#EEEEEE" } } })).toEqual({
      light: { accent: "#111111" },
      dark: { accent: "#eeeeee" },
    });
  });

  it.each(["red", "url(https://evil.example)", "#12", "#1234567", 7, null])("passes no %s on as a colour", (accent) => {
    expect(themeIn({ colors: { accent } }).light).toEqual({});
  });

  it("becomes custom properties, with text that can be read", () => {
    expect(customProperties({ accent: "#ffee00", accentText: "#ffffff" })).toEqual({
      "--accent": "#ffee00",
      "--accent-strong": "#ffee00",
      "--on-accent": "#000000",
    });
    expect(customProperties({ mainAreaBg: "#102030" })).toMatchObject({ "--stage": "#102030", "--stage-ink": "#ffffff" });
    expect(customProperties({ background: "#ffffff", baseText: "#222222" })).toMatchObject({ "--ink": "#222222" });
    expect(customProperties({})).toEqual({});
  });
});

"""No method of `@daily-co/daily-js` leaves its caller waiting (issue 4, point 7)."""

import re
import time
from typing import Any

import pytest

from tests.scenarios.embedding.conftest import WEB, Clinic, HostPage, OpenHost

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PACKAGES = {"current": "@daily-co/daily-js", "of-2023": "daily-js-2023"}

ELSEWHERE = {"join", "leave", "destroy", "load", "preAuth", "startCamera", "on", "once", "off"}
"""Tried in other scenarios, or no use during a call."""

ASKS_DAILY = {"geo"}
"""The package asks Daily's own server, whoever serves the call."""

STREAM = "given.stream.getVideoTracks()[0]"

# What a method is called with, where it needs anything.
ARGUMENTS = {
    "addFakeParticipant": "{}",
    "addLiveStreamingEndpoints": "{endpoints: [{endpoint: 'rtmp://127.0.0.1/live'}]}",
    "loadCss": "{cssText: 'body { color: red }'}",
    "removeLiveStreamingEndpoints": "{endpoints: [{endpoint: 'rtmp://127.0.0.1/live'}]}",
    "sendAppMessage": "{text: 'hello'}, '*'",
    "sendDTMF": "{sessionId: 'x', tones: '1'}",
    "setActiveSpeakerMode": "true",
    "setBandwidth": "{kbs: 200}",
    "setCustomIntegrations": "{}",
    "setDailyLang": "'en'",
    "setIceConfig": "{iceServers: []}",
    "setInputDevicesAsync": "{}",
    "setLocalAudio": "true",
    "setLocalVideo": "true",
    "setMeetingSessionData": "{step: 1}",
    "setNetworkTopology": "{topology: 'sfu'}",
    "setOutputDeviceAsync": "{outputDeviceId: 'default'}",
    "setPlayNewParticipantSound": "false",
    "setProxyUrl": "'http://127.0.0.1/'",
    "setShowLocalVideo": "true",
    "setShowNamesMode": "'always'",
    "setShowParticipantsBar": "true",
    "setSidebarView": "'people'",
    "setSubscribeToTracksAutomatically": "true",
    "setTheme": "{colors: {accent: '#006644'}}",
    "setUserData": "{chart: 7}",
    "setUserName": "'Ada'",
    "sipCallTransfer": "{sessionId: 'x', toEndPoint: '+40212345678'}",
    "sipRefer": "{sessionId: 'x', toEndPoint: 'sip:a@b.example'}",
    "startCustomIntegrations": "'notes'",
    "startCustomTrack": f"{{track: {STREAM}, trackName: 'second'}}",
    "startDialIn": "{}",
    "startDialOut": "{phoneNumber: '+40212345678'}",
    "startLiveStreaming": "{rtmpUrl: 'rtmp://127.0.0.1/live'}",
    "startRemoteMediaPlayer": "{url: 'https://video.example.org/a.mp4'}",
    "stopCustomIntegrations": "'notes'",
    "stopCustomTrack": "'second'",
    "stopDialOut": "{sessionId: 'x'}",
    "stopRemoteMediaPlayer": "'x'",
    "testConnectionQuality": f"{{videoTrack: {STREAM}}}",
    "testNetworkConnectivity": STREAM,
    "testPeerToPeerCallQuality": f"{{videoTrack: {STREAM}}}",
    "updateCustomTrayButtons": "{}",
    "updateInputSettings": "{video: {processor: {type: 'background-blur', config: {strength: 1}}}}",
    "updateLiveStreaming": "{layout: {preset: 'default'}}",
    "updateParticipant": "'local', {setAudio: true}",
    "updateParticipants": "{local: {setVideo: true}}",
    "updateReceiveSettings": "{base: {video: {layer: 0}}}",
    "updateRecording": "{layout: {preset: 'default'}}",
    "updateRemoteMediaPlayer": "{session_id: 'x', settings: {state: 'pause'}}",
    "updateScreenShare": "{}",
    "updateSendSettings": "{video: 'bandwidth-optimized'}",
    "updateTranscription": "{participants: ['x']}",
    "updateWaitingParticipant": "'x', {grantRequestedAccess: true}",
    "updateWaitingParticipants": "{'*': {grantRequestedAccess: true}}",
    "requestAccess": "{access: {level: 'full'}, name: 'Ada'}",
}

# Calls one method, and tells what came of it.
CALL = """async (given) => {
  const ids = ["callClientId", "callFrameId"];
  const isPromise = (value) => typeof value?.then === "function";
  const late = () => new Promise((resolve) => setTimeout(resolve, 30000, ["hangs"]));
  const type = (error) => error?.type ?? error?.error?.type ?? null;
  const named = (answer) => Object.keys(answer ?? {}).filter((key) => !ids.includes(key)).sort();
  const of = async (call) => {
    let value;
    try { value = call(); } catch { return ["threw"]; }
    if (!isPromise(value)) return ["returned"];
    const settled = value.then(
      (answer) => ["answered", named(answer)],
      (error) => ["refused", type(error)],
    );
    return Promise.race([settled, late()]);
  };
  given.stream = await navigator.mediaDevices.getUserMedia({ video: true });
  const calls = { CALLS };
  const outcomes = await Promise.all(Object.values(calls).map(of));
  return Object.fromEntries(Object.keys(calls).map((name, index) => [name, outcomes[index]]));
}"""

NOTE_QUESTIONS = """() => {
  window.asked = [];
  addEventListener("message", ({ data }) => {
    if (data.callbackStamp) window.asked.push(data.callbackStamp);
  });
}"""

NOTE_ANSWERS = """() => {
  window.answered = [];
  addEventListener("message", ({ data }) => {
    if (data.from === "embedded" && data.callbackStamp) window.answered.push(data.callbackStamp);
  });
}"""

ASK_ANYTHING = """(action) => {
  const id = frame.callClientId ?? frame._callFrameId;
  const ids = { what: "iframe-call-message", from: "module", callClientId: id, callFrameId: id };
  frame.iframe().contentWindow.postMessage({ ...ids, action, callbackStamp: action }, "*");
}"""


def methods(package: str) -> list[str]:
    """The methods of a call that the package describes to its users."""
    described = (WEB / "node_modules" / package / "index.d.ts").read_text()
    [call] = re.findall(r"^export interface DailyCall \{(.*?)^\}", described, re.M | re.S)
    return sorted(set(re.findall(r"^  (\w+)(?:<[^(]*>)?\(", call, re.M)) - ELSEWHERE - ASKS_DAILY)


def call_all(host: HostPage, names: list[str]) -> dict[str, list[Any]]:
    calls = ", ".join(f"{name}: () => frame.{name}({ARGUMENTS.get(name, '')})" for name in names)
    outcomes: dict[str, list[Any]] = host.page.evaluate(CALL.replace("CALLS", calls), {})
    return outcomes


# Sent only by versions and in situations that are not here, or by nobody at all.
OTHER_REQUESTS = [
    *(
        "dialin-start",
        "send-dtmf",
        "start-custom-track",
        "update-send-settings",
        "set-session-data",
    ),
    *("test-call-quality", "start-camera", "daily-method-request-access", "no such thing"),
]

# What the page answers: the names in it, or the type of a refusal. What Daily keeps from frames is
# refused within the package, without a type.
QUESTIONS: dict[str, list[str] | str | None] = {
    "cycleCamera": ["device"],
    "cycleMic": ["device"],
    "enumerateDevices": ["devices"],
    "getCpuLoadStats": ["cpuLoadState", "cpuLoadStateReason", "stats"],
    "getDailyLang": ["lang", "langSetting"],
    "getInputDevices": ["camera", "mic", "speaker"],
    "getMeetingSession": ["meetingSession"],
    "getNetworkTopology": ["topology"],
    "room": ["config", "domainConfig", "id", "name", "tokenConfig"],
    "setInputDevicesAsync": ["camera", "mic", "speaker"],
    "setNetworkTopology": "unsupported",
    "setOutputDeviceAsync": ["camera", "mic", "speaker"],
    "setUserData": ["userData"],
    "setUserName": ["userName"],
    "startRemoteMediaPlayer": "unsupported",
    "stopRemoteMediaPlayer": "unsupported",
    "testNetworkConnectivity": "unsupported",
    "testWebsocketConnectivity": "unsupported",
    "updateInputSettings": "unsupported",
    "updateReceiveSettings": None,
    "updateRemoteMediaPlayer": "unsupported",
    "updateSendSettings": "unsupported",
    "updateWaitingParticipant": None,
}

# The version of 2023 does not ask the page for these.
ASKED_SINCE = dict.fromkeys(
    (
        "startCustomTrack",
        "startLocalAudioLevelObserver",
        "startRemoteParticipantsAudioLevelObserver",
    ),
    "unsupported",
)


@pytest.mark.parametrize("version", ["current", "of-2023"])
def test_every_method_is_answered_or_refused_with_a_type(
    clinic: Clinic, open_host: OpenHost, version: str
) -> None:
    room = f"methods-{time.time_ns()}"
    ada = {"url": clinic.room(room), "token": clinic.token(room, "Ada", is_owner=True)}
    host = open_host(version)
    host.create()
    host.do("frame.join(given) && null", ada)
    host.until("frame.meetingState() === 'joined-meeting'")
    host.page.evaluate(NOTE_ANSWERS)
    host.call_page.evaluate(NOTE_QUESTIONS)

    names = methods(PACKAGES[version])
    assert len(names) > 60
    outcomes = call_all(host, names)

    assert [name for name, [kind, *_] in outcomes.items() if kind == "hangs"] == []
    expected = {**QUESTIONS, **(ASKED_SINCE if version == "current" else {})}
    assert {name: outcomes[name][-1] for name in expected} == expected
    stats = host.do("frame.getNetworkStats()")
    assert (stats["threshold"], stats["quality"]) == ("good", 100)
    assert stats["stats"]["latest"]["timestamp"] > 0
    for action in OTHER_REQUESTS:
        host.page.evaluate(ASK_ANYTHING, action)
    host.until("given.every((action) => answered.includes(action))", OTHER_REQUESTS)
    asked = host.call_page.evaluate("window.asked")
    assert len(asked) > 30
    host.until("given.every((stamp) => answered.includes(stamp))", asked)
    host.until("events.some((event) => event.action === 'recording-error')")
    host.until("events.some((event) => event.action === 'transcription-error')")
    host.until("events.some((event) => event.action === 'live-streaming-error')")
    assert host.do("frame.meetingState()") == "joined-meeting"
    assert host.errors == []

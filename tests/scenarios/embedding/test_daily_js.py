"""The unmodified `@daily-co/daily-js` embeds and drives the call page (issue 4, point 7)."""

import time
from typing import Any

import av
import pytest
from playwright.sync_api import expect

from tests.scenarios.embedding.conftest import Clinic, HostPage, OpenHost

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


OTHER = "Object.values(frame.participants()).find((person) => !person.local)"

COLOR = "(name) => getComputedStyle(document.documentElement).getPropertyValue(name)"

# One dark square.
ICON = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize("version", ["current", "of-2023"])
def test_two_people_join_mute_leave_and_come_back(
    clinic: Clinic, open_host: OpenHost, version: str
) -> None:
    room = f"consultation-{version}"
    url = clinic.room(room)
    ada, ben = open_host(version), open_host("current")
    ada.create(showLeaveButton=True)
    joined = ada.do(
        "frame.join(given)", {"url": url, "token": clinic.token(room, "Ada", is_owner=True)}
    )
    assert joined["local"]["user_name"] == "Ada"
    assert joined["local"]["owner"] is True
    assert ada.do("frame.meetingState()") == "joined-meeting"

    ben.wrap()
    ben.do("frame.join(given)", {"url": url, "token": clinic.token(room, "Ben")})
    ada.until("Object.keys(frame.participants()).length === 2")
    assert ada.names() == ben.names() == ["Ada", "Ben"]
    ada.until("frame.participantCounts().present === 2")
    ada.until(
        "Object.values(frame.participants()).every((p) => p.tracks.video.state === 'playable')"
    )

    ben.do("frame.setLocalAudio(false).setLocalVideo(false) && null")
    ben.until("frame.localAudio() === false && frame.localVideo() === false")
    ada.until(
        "Object.values(frame.participants()).some("
        "(p) => !p.local && p.tracks.audio.state === 'off' && p.tracks.video.state === 'off')"
    )

    ben.do("frame.leave()")
    assert ben.do("frame.meetingState()") == "left-meeting"
    ada.until("Object.keys(frame.participants()).length === 1")
    assert [event["participant"]["user_name"] for event in ada.events("participant-left")] == [
        "Ben"
    ]

    ben.do("frame.join(given)", {"url": url, "token": clinic.token(room, "Ben")})
    ada.until("Object.keys(frame.participants()).length === 2")
    ben.do("frame.destroy()")
    assert ben.page.locator("iframe").count() == 0
    ada.until("Object.keys(frame.participants()).length === 1")
    assert ada.errors == ben.errors == []


def test_only_an_owner_commands_others_and_everybody_can_speak(
    clinic: Clinic, open_host: OpenHost
) -> None:
    url = clinic.room("powers")
    ada, ben = open_host("of-2023"), open_host("current")
    ada.create()
    ada.do("frame.join(given)", {"url": url, "token": clinic.token("powers", "Ada", is_owner=True)})
    ben.create(userData={"chart": 7})
    ben.do("frame.join(given)", {"url": url, "token": clinic.token("powers", "Ben")})
    ada.until(f"{OTHER}?.userData?.chart === 7")
    ben_id, ada_id = (
        ben.do("frame.participants().local.session_id"),
        ada.do("frame.participants().local.session_id"),
    )

    ben.do("frame.updateParticipant(given, {setAudio: false, eject: true}) && null", ada_id)
    ben.do("frame.sendAppMessage({text: 'after'}, '*') && null")
    ada.until("events.some((event) => event.data?.text === 'after')")
    assert ada.events("app-message")[0]["fromId"] == ben_id
    assert ada.do("[frame.meetingState(), frame.localAudio()]") == ["joined-meeting", True]

    ada.do("frame.sendAppMessage({text: 'to you'}, given) && null", ben_id)
    ben.until("events.some((event) => event.data?.text === 'to you')")
    assert ben.do("frame.setUserName('Benjamin')")["userName"] == "Benjamin"
    ada.until(f"{OTHER}.user_name === 'Benjamin'")

    ada.do("frame.updateParticipant(given, {setAudio: false}) && null", ben_id)
    ben.until("frame.localAudio() === false && frame.localVideo() === true")
    ada.do(
        "frame.updateParticipant(given, {updatePermissions: {canSend: ['audio']}}) && null", ben_id
    )
    ben.until("frame.participants().local.tracks.video.off?.byCanSendPermission === true")
    ada.until(f"{OTHER}.tracks.video.state === 'off'")
    assert ada.do(f"[...{OTHER}.permissions.canSend]") == ["audio"]

    ada.do("frame.updateParticipants({'*': {eject: true}}) && null")
    ben.until("frame.meetingState() === 'error'")
    assert ben.events("error")[0]["error"]["type"] == "ejected"
    ada.until("frame.participantCounts().present === 1")
    assert ada.errors == ben.errors == []


def test_an_owner_s_host_page_is_told_who_waits(clinic: Clinic, open_host: OpenHost) -> None:
    url = clinic.room("lobby", enable_knocking=True)
    ada, ben = open_host("current"), open_host("current")
    ada.create()
    ada.do("frame.join(given)", {"url": url, "token": clinic.token("lobby", "Ada", is_owner=True)})
    ben.create(userName="Ben")
    ben.do("{ frame.join(given); }", {"url": url})
    ben.until("events.some((event) => event.access?.level === 'lobby')")
    ada.until("events.some((event) => event.action === 'waiting-participant-added')")
    assert ada.events("waiting-participant-added")[0]["participant"]["name"] == "Ben"

    ada.call_page.get_by_role("button", name="Admit").first.click()
    ben.until("frame.meetingState() === 'joined-meeting'")
    assert ben.events("access-state-updated")[-1]["access"]["level"] == "full"
    ada.until("frame.participantCounts().present === 2")


def test_errors_come_with_their_types(clinic: Clinic, open_host: OpenHost) -> None:
    url = clinic.room("errors")
    stranger = open_host("current")
    stranger.create()
    refused = stranger.do(
        "frame.join(given).then(() => null, (event) => event.error)", {"url": url}
    )
    assert refused["type"] == "not-allowed"
    assert refused["msg"] == "You are not allowed to join this meeting"
    assert stranger.do("frame.meetingState()") == "error"
    stranger.until("events.some((event) => event.action === 'left-meeting')")
    assert stranger.call_page.get_by_role("heading").is_visible()  # its own words stay readable

    token = clinic.token("errors", "Ben")
    stranger.do("frame.join(given) && null", {"url": url, "token": token})
    stranger.until("frame.meetingState() === 'joined-meeting'")
    clinic.delete("errors")
    stranger.until("frame.meetingState() === 'error'")
    last = stranger.events("error")[-1]
    assert last["errorMsg"] == "Meeting has ended"
    assert last["error"]["type"] == "no-room"


def test_a_host_decides_how_the_call_looks(clinic: Clinic, open_host: OpenHost) -> None:
    url = clinic.room("looks")
    host = open_host("current")
    button = {"label": "Notes", "tooltip": "Open the notes", "iconPath": ICON}
    host.create(
        theme={"colors": {"accent": "#8800aa", "mainAreaBg": "#102030"}},
        customTrayButtons={"notes": button},
        startVideoOff=True,
    )
    host.do("frame.join(given)", {"url": url, "token": clinic.token("looks", "Ada", is_owner=True)})
    page = host.call_page

    assert page.evaluate(COLOR, "--accent") == "#8800aa"
    host.do("frame.setTheme({colors: {accent: '#006644'}})")
    page.wait_for_function(f"() => ({COLOR})('--accent') === '#006644'")
    assert page.evaluate(COLOR, "--stage") == "#0c1216"

    page.get_by_role("button", name="Notes").click()
    host.until("events.some((event) => event.button_id === 'notes')")
    assert page.locator("img").evaluate("(icon) => icon.naturalWidth > 0")
    assert page.get_by_role("button", name="Leave").count() == 0
    assert host.do("frame.localVideo()") is False
    host.do("frame.setSidebarView('chat') && frame.setActiveSpeakerMode(true) && null")
    host.until("events.some((event) => event.action === 'active-speaker-mode-change')")
    assert host.do("frame.getSidebarView()") == "chat"
    assert host.events("sidebar-view-changed")[0]["view"] == "chat"
    host.do("frame.startScreenShare() && null")
    host.until("frame.participants().local.tracks.screenVideo.state === 'playable'")
    host.do("frame.stopScreenShare() && null")
    host.until("events.some((event) => event.action === 'local-screen-share-stopped')")
    host.do("frame.setDailyLang('de') && null")
    page.wait_for_function("() => document.documentElement.lang === 'de'")
    host.do("frame.updateCustomTrayButtons({}) && null")
    host.do("frame.setShowLocalVideo(false) && null")
    page.wait_for_function("() => document.querySelectorAll('[data-participant]').length === 0")
    assert page.get_by_role("button", name="Notes").count() == 0


def start(host: HostPage, options: dict[str, Any], instance_id: str) -> None:
    """Start a recording; again where a busy machine has not managed to within ten seconds."""
    came = "events.filter((one) => one.action === 'recording-error').length > given"
    is_recorded = """events.some((event) =>
      event.action === 'recording-started' && event.instanceId === given[1])"""
    for _ in range(5):
        errors = len(host.events("recording-error"))
        host.do("frame.startRecording(given) && null", options)
        host.until(f"{came.replace('given', 'given[0]')} || {is_recorded}", [errors, instance_id])
        if any(one["instanceId"] == instance_id for one in host.events("recording-started")):
            return
    raise AssertionError(f"it was not recorded: {host.events('recording-error')}")


def test_a_host_starts_changes_and_stops_recordings_through_the_package(
    clinic: Clinic, open_host: OpenHost
) -> None:
    """Two at once, told apart by their instance ids; the older package hears of the same."""
    room, other = f"recorded-{time.time_ns()}", "11111111-2222-4333-8444-555555555555"
    url = clinic.room(room, enable_recording=["cloud", "local"])
    ada, ben = open_host("current"), open_host("of-2023")
    for host, name in ((ada, "Ada"), (ben, "Ben")):
        token = clinic.token(room, name, is_owner=name == "Ada")
        host.create()
        host.do("frame.join(given)", {"url": url, "token": token})
    ben.do("frame.startRecording() && null")
    ben.until("events.some((event) => event.action === 'recording-error')")
    ada.do("frame.startRecording({ type: 'raw-tracks' }) && null")
    ada.until("events.some((event) => event.action === 'recording-error')")
    [refused] = ada.events("recording-error")
    assert "enable_recording" in refused["errorMsg"]

    happened = "events.some((event) => event.action === given[0] && event.instanceId === given[1])"
    usual = "c3df927c-f738-4471-a2b7-066fa7e95a6b"
    start(ada, {"width": 320, "height": 240}, usual)
    ben.until(happened, ["recording-started", usual])
    [started] = ada.events("recording-started")
    me = ada.do("frame.participants().local.session_id")
    assert (started["startedBy"], started["type"], started["local"]) == (me, "cloud", True)
    assert ben.events("recording-started")[0]["local"] is False

    start(ada, {"instanceId": other}, other)
    errors = len(ada.events("recording-error"))
    layout = {"preset": "active-participant"}
    ada.do("frame.updateRecording(given) && null", {"layout": layout, "instanceId": other})
    ada.do("frame.stopRecording({ instanceId: given }) && null", other)
    for host in (ada, ben):
        host.until(happened, ["recording-stopped", other])
    assert len(ada.events("recording-error")) == errors
    ada.do("frame.updateRecording(given) && null", {"layout": layout, "instanceId": other})
    ada.until("events.filter((one) => one.action === 'recording-error').length > given", errors)
    ada.do("frame.stopRecording() && null")
    for host in (ada, ben):
        host.until(happened, ["recording-stopped", usual])
    record_locally(ada, ben)


def record_locally(ada: HostPage, ben: HostPage) -> None:
    """The kind whose file the browser of whoever started it saves."""
    begun = "events.some(({ action, type }) => action === 'recording-started' && type === 'local')"
    ended = "events.filter(({ action }) => action === 'recording-stopped').length === 3"
    ada.do("frame.startRecording({ type: 'local' }) && null")
    for host in (ada, ben):
        host.until(begun)
        notice = host.call_page.get_by_text("This call is being recorded.", exact=True)
        expect(notice).to_be_visible()
    assert ada.events("recording-started")[-1]["local"] is True
    with ada.page.expect_download() as download:
        ada.do("frame.stopRecording() && null")
    for host in (ada, ben):
        host.until(ended)
    with av.open(download.value.path()) as film:
        kinds = {frame.__class__.__name__ for frame in film.decode(video=0)}
        assert (kinds, len(film.streams.audio)) == ({"VideoFrame"}, 1)


def test_the_hooks_of_daily_react_follow_a_call(clinic: Clinic, open_host: OpenHost) -> None:
    url = clinic.room("hooks")
    ada, ben = open_host("hooks"), open_host("current")
    hooks = ada.page.get_by_role("region", name="hooks")
    ada.until("window.frame")
    ada.do("frame.join(given) && null", {"url": url, "token": clinic.token("hooks", "Ada")})
    expect(hooks).to_contain_text("Ada: video playable, audio playable", timeout=20_000)
    ben.create(startVideoOff=True)
    ben.do("frame.join(given)", {"url": url, "token": clinic.token("hooks", "Ben")})

    expect(hooks).to_contain_text("state joined-meeting, present 2, error none", timeout=20_000)
    expect(hooks).to_contain_text("Ben: video off, audio playable", timeout=20_000)
    ben.do("frame.setLocalAudio(false) && null")
    expect(hooks).to_contain_text("Ben: video off, audio off", timeout=20_000)
    expect(hooks).to_contain_text("network good, recording false, sharing false, room hooks")
    expect(hooks).to_contain_text("may speak true, may admit false, devices granted granted")
    ben.do("frame.sendAppMessage({text: 'hello'}) && null")
    expect(hooks).to_contain_text("said hello", timeout=20_000)
    hooks.get_by_role("button", name="Send").click()
    ben.until("events.some((event) => event.data?.text === 'from hooks')")
    ada.do("frame.startScreenShare() && null")
    expect(hooks).to_contain_text("sharing true", timeout=20_000)
    ben.do("frame.leave()")
    expect(hooks).to_contain_text("present 1", timeout=20_000)
    clinic.delete("hooks")
    expect(hooks).to_contain_text("error no-room", timeout=20_000)

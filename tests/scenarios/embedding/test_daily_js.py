"""The unmodified `@daily-co/daily-js` embeds and drives the call page (issue 4, point 7)."""

from collections.abc import Callable

import pytest

from tests.scenarios.embedding.conftest import Clinic, HostPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

OpenHost = Callable[[str], HostPage]


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

    ben.create()
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
    assert ada.outside == ben.outside == []
    assert ada.errors == ben.errors == []

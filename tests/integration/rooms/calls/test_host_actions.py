"""What hosts do to others, decided by the server and felt at once."""

from typing import Any

import pytest

from tests.integration.rooms.calls.conftest import Installation, both_ways
from tests.integration.rooms.calls.people import MEDIA, Person, Visitors
from tests.integration.rooms.calls.test_members import signed_in, staff

EVERY_KIND = ["video", "audio", "screenVideo", "screenAudio", "customVideo", "customAudio"]


async def host_and_guest(
    installation: Installation, visitor: Visitors, **guest: Any
) -> tuple[Person, Person]:
    ada, ben = await visitor(), await visitor()
    await ada.joins("Ada", token=await installation.token(is_owner=True))
    await ben.joins("Ben", token=await installation.token(**guest))
    await ada.hear("participant-joined")
    return ada, ben


async def test_whoever_is_sent_out_cannot_use_the_ticket_but_can_join_again(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada, ben = await host_and_guest(installation, visitor, user_id="b")

    await ada.say("eject", session_id=ben.session_id)

    assert (await ben.hear("ended"))["reason"] == "ejected"
    assert await ben.closed() == 4410
    assert (await ada.hear("participant-left"))["session_id"] == ben.session_id
    back, again = await visitor(), await visitor()
    await back.comes_back(ben.ticket)
    assert (await back.hear("refused"))["reason"] == "ejected"
    await again.joins("Ben", token=await installation.token(user_id="b"))


@both_ways
async def test_whoever_is_banned_stays_outside_in_every_way(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    await installation.room("other")
    token = await installation.token(None, user_id="b")
    ada, ben = await host_and_guest(installation, visitor, user_id="b")

    await ada.say("eject", session_id=ben.session_id, ban=True)
    assert (await ben.hear("ended"))["reason"] == "ejected"

    again, stranger, elsewhere = [await visitor() for _ in range(3)]
    await again.says_hello(token=token)
    assert (await again.hear("refused"))["reason"] == "not-allowed"
    await stranger.says_hello(token=await installation.token(user_id="c"))
    await stranger.hear("welcome")
    await elsewhere.joins("Ben", room="other", token=token)


async def test_a_member_of_the_team_is_banned_by_the_account(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room(privacy="org")
    await staff(installation)
    host, member = await visitor(), await signed_in(installation, visitor)
    await host.joins("Ada", token=await installation.token(is_owner=True))
    await member.joins("Ada")
    await host.hear("participant-joined")

    await host.say("eject", session_id=member.session_id, ban=True)
    assert (await member.hear("ended"))["reason"] == "ejected"

    again = await signed_in(installation, visitor)
    await again.says_hello()
    assert (await again.hear("refused"))["reason"] == "not-allowed"


async def test_neither_a_ban_nor_a_goodbye_is_forgotten_when_the_server_starts_anew(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada, ben = await host_and_guest(installation, visitor, user_id="b")
    cleo, dora = await visitor(), await visitor()
    await cleo.asks_to_join("Cleo")
    await cleo.waits()
    await ada.hear("knock")
    await dora.joins("Dora", token=await installation.token())
    await ada.say("eject", session_id=ben.session_id, ban=True)
    await ben.hear("participant-joined")
    await ben.hear("ended")
    await ada.say("deny", session_id=cleo.session_id)
    await cleo.hear("ended")
    await dora.hear("participant-left")
    await dora.say("leave")
    assert await dora.closed() == 1000
    await installation.vestibule.rooms.calls.close()

    async with installation.next_server() as next_visitor:
        for left in (ben, cleo, dora):
            back = await next_visitor()
            await back.comes_back(left.ticket)
            assert (await back.hear("refused"))["reason"] == "ejected"
        again, still = await next_visitor(), await next_visitor()
        await again.says_hello(token=await installation.token(user_id="b"))
        assert (await again.hear("refused"))["reason"] == "not-allowed"
        await still.comes_back(ada.ticket)
        assert (await still.is_in())["you"]["user_name"] == "Ada"


async def test_only_those_who_may_act_and_only_an_owner_on_an_owner(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada, ben = await host_and_guest(installation, visitor)
    helper = await visitor()
    await helper.joins(
        "Eve", token=await installation.token(permissions={"canAdmin": ["participants"]})
    )
    await ada.hear("participant-joined")
    await ben.hear("participant-joined")

    for person, what, code in (
        (ben, {"type": "eject", "session_id": ada.session_id}, "not-allowed"),
        (ben, {"type": "mute", "session_id": ada.session_id, "source": "audio"}, "not-allowed"),
        (ben, {"type": "lock", "on": True}, "not-allowed"),
        (helper, {"type": "eject", "session_id": ada.session_id}, "not-allowed"),
        (helper, {"type": "eject", "session_id": "nobody"}, "not-found"),
        (
            helper,
            {
                "type": "update-permissions",
                "session_id": ben.session_id,
                "permissions": {"can_admin": True},
            },
            "not-allowed",
        ),
    ):
        kind = what.pop("type")
        await person.say(str(kind), **what)
        assert (await person.hear("problem"))["code"] == code
    await ada.hears_nothing()
    await helper.say("eject", session_id=ben.session_id)
    assert (await ben.hear("ended"))["reason"] == "ejected"


async def test_a_host_mutes_somebody_who_can_speak_again(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada, ben = await host_and_guest(installation, visitor)

    await ada.say("mute", session_id=ben.session_id, source="audio")

    assert await ben.hear("muted") == {"type": "muted", "source": "audio", "by": ada.session_id}
    assert (await ada.hear("participant-updated"))["participant"]["media"]["audio"] is False
    await ben.say("set-media", media=MEDIA)
    assert (await ada.hear("participant-updated"))["participant"]["media"] == MEDIA


async def test_what_somebody_may_no_longer_send_counts_as_not_sent(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada, ben = await host_and_guest(installation, visitor)

    await ada.say(
        "update-permissions", session_id=ben.session_id, permissions={"can_send": ["audio"]}
    )

    own = (await ben.hear("participant-updated"))["participant"]
    assert own["permissions"]["can_send"] == ["audio"]
    assert own["media"] == {"audio": True, "video": False, "screen": False}
    assert (await ada.hear("participant-updated"))["participant"] == own
    ben.ticket = (await ben.hear("resume"))["resume"]
    await ben.say("set-media", media={"audio": False, "video": True, "screen": True})
    nothing = {"audio": False, "video": False, "screen": False}
    assert (await ada.hear("participant-updated"))["participant"]["media"] == nothing
    await installation.vestibule.rooms.calls.close()
    async with installation.next_server() as next_visitor:
        back = await next_visitor()
        await back.comes_back(ben.ticket)
        assert (await back.is_in())["you"]["permissions"]["can_send"] == ["audio"]


@pytest.mark.parametrize(
    ("of_room", "of_token", "sent", "kinds"),
    [
        ({}, {"permissions": {"canSend": False}}, [], []),
        ({"permissions": {"canSend": ["video"]}}, {}, ["video"], ["video"]),
        ({"owner_only_broadcast": True}, {}, [], []),
        ({"enable_screenshare": False}, {}, ["audio", "video"], None),
        ({}, {"enable_screenshare": False}, ["audio", "video"], None),
        ({"enable_screenshare": False}, {"enable_screenshare": True}, list(MEDIA), EVERY_KIND),
    ],
)
async def test_what_people_may_send_is_known_before_they_join(
    installation: Installation,
    visitor: Visitors,
    of_room: dict[str, Any],
    of_token: dict[str, Any],
    sent: list[str],
    kinds: list[str] | None,
) -> None:
    await installation.room(**of_room)
    ben = await visitor()
    await ben.says_hello(token=await installation.token(**of_token))
    permissions = (await ben.hear("welcome"))["you"]["permissions"]
    await ben.say("join", user_name="Ben", media=dict.fromkeys(MEDIA, True))

    media = (await ben.is_in())["you"]["media"]

    assert [source for source, is_on in media.items() if is_on] == sent
    if kinds is not None:
        assert permissions["can_send"] == kinds


async def test_a_guest_who_may_admit_from_now_on_sees_the_lobby(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada, ben = await host_and_guest(installation, visitor)
    cleo = await visitor()
    await cleo.asks_to_join("Cleo")
    await cleo.waits()
    await ada.hear("knock")

    await ada.say(
        "update-permissions", session_id=ben.session_id, permissions={"can_admin": ["participants"]}
    )

    await ben.hear("participant-updated")
    lobby = await ben.hear("lobby")
    assert (lobby["may_admit"], [knock["user_name"] for knock in lobby["knocks"]]) == (
        True,
        ["Cleo"],
    )
    await ben.hear("resume")
    await ben.say("admit", session_id=cleo.session_id)
    await cleo.is_in()


@both_ways
async def test_nobody_new_enters_a_locked_call_without_being_admitted(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room()
    ada, ben = await host_and_guest(installation, visitor)

    await ada.say("lock", on=True)

    assert (await ben.hear("locked"))["on"] is True
    await ada.hear("locked")
    cleo, owner = await visitor(), await visitor()
    await cleo.says_hello(token=await installation.token(user_name="Cleo"))
    assert (await cleo.hear("welcome"))["access"] == "knock"
    await cleo.say("join", user_name="", media=MEDIA)
    await cleo.waits()
    await ada.hear("knock")
    joined = await owner.joins("Eve", token=await installation.token(is_owner=True))
    assert joined["locked"] is True
    await ada.hear("participant-joined")
    await ada.say("admit", session_id=cleo.session_id)
    await cleo.is_in()
    await owner.hear("knock-gone")
    await owner.hear("participant-joined")
    await owner.say("lock", on=False)
    assert (await owner.hear("locked"))["on"] is False
    free = await visitor()
    await free.says_hello()
    assert (await free.hear("welcome"))["access"] == "enter"

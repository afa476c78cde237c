"""Lost connections, reloaded pages, and a server that was killed."""

from pathlib import Path

import pytest

from tests.integration.rooms.calls.conftest import Installation, both_ways
from tests.integration.rooms.calls.people import Person, Visitors
from tests.servers.vestibule import VestibuleProcess


async def two_meet(installation: Installation, visitor: Visitors) -> tuple[Person, Person]:
    await installation.room()
    ada, ben = await visitor(), await visitor()
    await ada.joins("Ada")
    await ben.joins("Ben")
    await ada.hear("participant-joined")
    return ada, ben


async def away(person: Person) -> bool:
    return not (await person.hear("participant-updated"))["participant"]["connected"]


@both_ways
async def test_a_lost_connection_keeps_its_place(
    installation: Installation, visitor: Visitors
) -> None:
    ada, ben = await two_meet(installation, visitor)

    await ben.loses_the_connection()
    assert await away(ada)
    await installation.passes(29)
    back = await visitor()
    await back.comes_back(ben.ticket)

    joined = await back.is_in()
    assert (joined["resumed"], joined["settling_seconds"]) == (True, 0)
    assert back.session_id == ben.session_id
    assert [other["session_id"] for other in joined["participants"]] == [ada.session_id]
    assert not await away(ada)


async def test_a_place_is_not_kept_for_ever(installation: Installation, visitor: Visitors) -> None:
    ada, ben = await two_meet(installation, visitor)

    await ben.loses_the_connection()
    assert await away(ada)
    await installation.passes(30)

    assert (await ada.hear("participant-left"))["session_id"] == ben.session_id


async def test_what_came_in_between_follows(installation: Installation, visitor: Visitors) -> None:
    ada, ben = await two_meet(installation, visitor)
    await ben.loses_the_connection()
    assert await away(ada)

    await ada.say("description", to=ben.session_id, kind="offer", sdp="v=0")
    await ada.say("candidate", to=ben.session_id, candidate="candidate:1")
    await ada.hears_nothing()
    back = await visitor()
    await back.comes_back(ben.ticket)

    await back.is_in()
    assert (await back.hear("description-from"))["sdp"] == "v=0"
    assert (await back.hear("candidate-from"))["candidate"] == "candidate:1"
    await back.hears_nothing()


@both_ways
async def test_a_reloaded_page_takes_the_session_over(
    installation: Installation, visitor: Visitors
) -> None:
    ada, ben = await two_meet(installation, visitor)

    reloaded = await visitor()
    await reloaded.comes_back(ben.ticket)

    await reloaded.is_in()
    assert reloaded.session_id == ben.session_id
    assert await ben.closed() == 4409
    await ada.hears_nothing()


@pytest.mark.parametrize(("code", "kept_seconds"), [(1001, 5), (1000, 30)])
async def test_how_long_the_place_of_a_closed_page_is_kept(
    installation: Installation, visitor: Visitors, code: int, kept_seconds: int
) -> None:
    ada, ben = await two_meet(installation, visitor)

    await ben.socket.close(code)

    assert await away(ada)
    await installation.passes(kept_seconds - 1)
    await ada.hears_nothing()
    await installation.passes(1)
    await ada.hear("participant-left")


async def test_each_return_brings_a_new_ticket(
    installation: Installation, visitor: Visitors
) -> None:
    _, ben = await two_meet(installation, visitor)
    await installation.passes(11 * 3600)
    first = await visitor()
    await first.comes_back(ben.ticket)
    await first.is_in()

    await installation.passes(2 * 3600)
    late, second = await visitor(), await visitor()
    await late.comes_back(ben.ticket)
    await second.comes_back(first.ticket)

    await late.hear("welcome")
    assert (await second.is_in())["resumed"] is True


async def test_who_left_cannot_come_back_with_the_ticket(
    installation: Installation, visitor: Visitors
) -> None:
    _, ben = await two_meet(installation, visitor)
    await ben.say("leave")
    assert await ben.closed() == 1000

    back = await visitor()
    await back.comes_back(ben.ticket)

    assert (await back.hear("refused"))["reason"] == "ejected"


async def test_an_altered_ticket_is_passed_over(
    installation: Installation, visitor: Visitors
) -> None:
    _, ben = await two_meet(installation, visitor)
    back = await visitor()

    await back.comes_back(ben.ticket[:-1] + ("0" if ben.ticket[-1] != "0" else "1"))

    await back.hear("welcome")


async def test_a_ticket_opens_no_other_room(installation: Installation, visitor: Visitors) -> None:
    _, ben = await two_meet(installation, visitor)
    await installation.private_room("other")
    back = await visitor()

    await back.comes_back(ben.ticket, room="other")

    assert (await back.hear("welcome"))["access"] == "knock"


async def test_who_was_let_in_need_not_knock_again_after_a_long_sleep(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada, cleo = await visitor(), await visitor()
    await ada.joins("Ada", token=await installation.token(is_owner=True))
    await cleo.asks_to_join("Cleo")
    await cleo.waits()
    await ada.hear("knock")
    await ada.say("admit", session_id=cleo.session_id)
    await cleo.is_in()
    await ada.hear("knock-gone")
    await ada.hear("participant-joined")
    await cleo.loses_the_connection()
    assert await away(ada)
    await installation.passes(3600)
    await ada.hear("participant-left")

    back = await visitor()
    await back.comes_back(cleo.ticket)

    assert (await back.is_in())["you"]["session_id"] == cleo.session_id


async def test_a_ticket_does_not_outlive_the_link_once_the_place_is_given_up(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    token = await installation.token(exp=installation.now + 60)
    ada, ben = await visitor(), await visitor()
    await ada.joins("Ada", token=await installation.token(is_owner=True))
    await ben.joins("Ben", token=token)
    await ada.hear("participant-joined")
    await ben.loses_the_connection()
    assert await away(ada)
    await installation.passes(3600)
    await ada.hear("participant-left")

    back = await visitor()
    await back.says_hello(token=token, resume=ben.ticket)

    assert (await back.hear("refused"))["reason"] == "exp-token"


async def test_an_absent_person_gives_way_to_one_who_comes(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room(max_participants=2)
    ada, ben, cleo = await visitor(), await visitor(), await visitor()
    await ada.joins("Ada")
    await ben.joins("Ben")
    await ada.hear("participant-joined")
    await ben.loses_the_connection()
    assert await away(ada)

    await cleo.joins("Cleo")

    assert (await ada.hear("participant-left"))["session_id"] == ben.session_id
    await ada.hear("participant-joined")
    back = await visitor()
    await back.comes_back(ben.ticket)
    assert (await back.hear("refused"))["reason"] == "meeting-full"


@both_ways
async def test_a_person_who_waits_keeps_their_place_in_the_lobby(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada, cleo = await visitor(), await visitor()
    await ada.joins("Ada", token=await installation.token(is_owner=True))
    await cleo.asks_to_join("Cleo")
    await cleo.waits()
    await ada.hear("knock")
    await cleo.loses_the_connection()

    await ada.say("admit", session_id=cleo.session_id)
    back = await visitor()
    await back.comes_back(cleo.ticket)

    await back.is_in()
    assert back.session_id == cleo.session_id


async def test_after_a_restart_those_who_were_inside_are_still_inside_an_expired_room(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room(exp=installation.now + 60)
    ada, ben = await visitor(), await visitor()
    token = await installation.token(exp=installation.now + 60)
    await ada.joins("Ada", token=token)
    await ben.joins("Ben", token=token)
    await installation.vestibule.rooms.calls.close()
    await installation.passes(61)

    async with installation.next_server() as next_visitor:
        back, cleo, late = [await next_visitor() for _ in range(3)]
        await back.comes_back(ada.ticket)
        assert (await back.is_in())["settling_seconds"] == 30
        await cleo.says_hello()
        assert (await cleo.hear("refused"))["reason"] == "exp-room"

        await installation.passes(30)
        await late.comes_back(ben.ticket)
        assert (await late.hear("refused"))["reason"] == "exp-room"


async def test_everybody_comes_back_after_the_server_was_killed(tmp_path: Path) -> None:
    process = VestibuleProcess(tmp_path, reconnect_grace_seconds="120")
    demo = process.start()
    try:
        make_private_room(process, demo["api_key"])
        visitor = Visitors(process.port)
        ada, ben, cleo = await visitor(), await visitor(), await visitor()
        before = await ada.joins("Ada", token=owner_token(process, demo["api_key"]))
        await ben.asks_to_join("Ben")
        await ben.waits()
        await ada.say("admit", session_id=ben.session_id)
        await ben.is_in()
        await cleo.asks_to_join("Cleo")
        await cleo.waits()

        process.kill()
        process.start()
        ben_again, cleo_again, ada_again = [await visitor() for _ in range(3)]

        await ben_again.comes_back(ben.ticket)
        alone = await ben_again.is_in()
        assert (alone["participants"], alone["resumed"]) == ([], True)
        assert 0 < alone["settling_seconds"] <= 120
        await cleo_again.comes_back(cleo.ticket)
        assert (await cleo_again.waits())["session_id"] == cleo.session_id
        await ada_again.comes_back(ada.ticket)
        after = await ada_again.is_in()
        assert after["you"]["joined_at"] == before["you"]["joined_at"]
        assert (after["may_admit"], after["you"]["user_name"]) == (True, "Dr Ada")
        assert [knock["session_id"] for knock in after["knocks"]] == [cleo.session_id]
        assert (await ben_again.hear("participant-joined"))["participant"] == after["you"]
        assert (await cleo_again.waits())["owner_present"] is True
        await ada_again.say("admit", session_id=cleo.session_id)
        await cleo_again.is_in()
        await visitor.see_off()
    finally:
        process.kill()


def make_private_room(process: VestibuleProcess, key: str) -> None:
    room = {"name": "consult", "privacy": "private", "properties": {"enable_knocking": True}}
    status, _ = process.request("POST", "/v1/rooms", key=key, body=room)
    assert status == 200


def owner_token(process: VestibuleProcess, key: str) -> str:
    properties = {"room_name": "consult", "is_owner": True, "user_name": "Dr Ada"}
    _, answer = process.request(
        "POST", "/v1/meeting-tokens", key=key, body={"properties": properties}
    )
    token: str = answer["token"]
    return token

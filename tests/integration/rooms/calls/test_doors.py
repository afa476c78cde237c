"""Who gets in, and what the others are told."""

import pytest

from tests.integration.rooms.calls.conftest import Installation, both_ways
from tests.integration.rooms.calls.people import MEDIA, Person, Visitors
from vestibule.rooms.definitions.model import Privacy


async def refusal(person: Person) -> str:
    reason: str = (await person.hear("refused"))["reason"]
    assert await person.closed() == 4403
    return reason


@pytest.mark.parametrize("name", ["nowhere", "no/where", "", "x" * 256, "\x00"])
async def test_a_room_that_is_not_there(visitor: Visitors, name: str) -> None:
    cleo = await visitor()

    await cleo.says_hello(name)

    assert await refusal(cleo) == "no-room"


async def test_a_stranger_at_a_private_room_without_a_lobby(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room(privacy="private", enable_knocking=False)
    cleo = await visitor()

    await cleo.says_hello()

    assert await refusal(cleo) == "not-allowed"


@pytest.mark.parametrize("privacy", ["private", "public"])
@pytest.mark.parametrize("token", ["rubbish", "a.b.c", "x" * 8192])
async def test_a_wrong_token(
    installation: Installation, visitor: Visitors, privacy: Privacy, token: str
) -> None:
    await installation.room(privacy=privacy)
    cleo = await visitor()

    await cleo.says_hello(token=token)

    refused = await cleo.hear("refused")
    assert (refused["reason"], refused["because"]) == ("not-allowed", "token")
    assert refused["message"].startswith("Your link does not belong to this meeting.")


async def test_the_token_of_another_domain(installation: Installation, visitor: Visitors) -> None:
    await installation.private_room()
    other = await installation.vestibule.rooms.domains.create("practice")
    token = await installation.vestibule.rooms.tokens.create(other, {"is_owner": True})
    cleo = await visitor()

    await cleo.says_hello(token=token)

    assert await refusal(cleo) == "not-allowed"


async def test_the_host_name_selects_the_domain(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room("theirs")
    await installation.vestibule.rooms.domains.create("practice")
    cleo = await visitor(host="practice.localhost")

    await cleo.says_hello("theirs")

    assert await refusal(cleo) == "no-room"


async def test_too_early(installation: Installation, visitor: Visitors) -> None:
    nbf = installation.now + 300
    await installation.room(nbf=nbf)
    cleo = await visitor()

    await cleo.says_hello()

    refused = await cleo.hear("refused")
    assert (refused["reason"], refused["at"]) == ("nbf-room", nbf)


@pytest.mark.parametrize("has_prejoin", [False, True])
async def test_who_has_nothing_to_be_asked_enters_with_the_hello(
    installation: Installation, visitor: Visitors, has_prejoin: bool
) -> None:
    await installation.room(enable_prejoin_ui=has_prejoin)
    cleo = await visitor()

    await cleo.say(
        "hello", versions=[1], room="consult", enter={"user_name": "Cleo", "media": MEDIA}
    )

    await cleo.hear("welcome")
    if has_prejoin:
        await cleo.hears_nothing()
    else:
        joined = await cleo.is_in()
        assert (joined["you"]["user_name"], joined["you"]["media"]) == ("Cleo", MEDIA)


async def test_who_must_knock_knocks_with_the_hello(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room(enable_prejoin_ui=False)
    cleo = await visitor()

    await cleo.say(
        "hello", versions=[1], room="consult", enter={"user_name": "Cleo", "media": MEDIA}
    )

    assert (await cleo.hear("welcome"))["access"] == "knock"
    await cleo.waits()


async def test_a_room_that_was_deleted_between_hello_and_join(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room()
    cleo = await visitor()
    await cleo.says_hello()
    await cleo.hear("welcome")

    await installation.delete_room()
    await cleo.say("join", user_name="Cleo", media=MEDIA)

    assert await refusal(cleo) == "no-room"


@both_ways
async def test_a_call_that_filled_up_between_hello_and_join(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room(max_participants=1)
    ada, cleo = await visitor(), await visitor()
    await cleo.says_hello()
    await cleo.hear("welcome")

    await ada.joins("Ada")
    await cleo.say("join", user_name="Cleo", media=MEDIA)

    assert await refusal(cleo) == "meeting-full"


async def test_making_a_room_private_leaves_those_inside_alone(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room()
    ada, cleo = await visitor(), await visitor()
    await ada.joins("Ada")

    await installation.change_room(privacy="private")
    await cleo.says_hello()

    assert await refusal(cleo) == "not-allowed"
    await ada.hears_nothing()


async def test_a_page_that_is_too_old(installation: Installation, visitor: Visitors) -> None:
    await installation.room()
    cleo = await visitor()

    await cleo.say("hello", versions=[0], room="consult")

    assert await refusal(cleo) == "end-of-life"


async def test_the_origin_of_a_page_is_no_key(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    token = await installation.token()
    ben, cleo = await visitor(origin="https://elsewhere.example"), await visitor()

    await ben.says_hello(token=token)
    await cleo.says_hello()

    assert (await ben.hear("welcome"))["access"] == "enter"
    assert (await cleo.hear("welcome"))["access"] == "knock"

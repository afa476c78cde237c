"""Signed-in members of the domain's team at the door of its rooms (requirements C9, E1)."""

from typing import Any

import pytest

from tests.integration.rooms.calls.conftest import Installation, both_ways
from tests.integration.rooms.calls.people import MEDIA, Person, Visitors
from vestibule.accounts.users.model import User

EMAIL = "ada@clinic.example"
PASSWORD = "correct horse battery"

WAYS_IN = [("org", "enter"), ("private", "enter"), ("public", "enter")]


async def staff(installation: Installation, *, of: str = "vestibule") -> User:
    """A user who belongs to the team of this domain."""
    users, domains = installation.vestibule.shared.users, installation.vestibule.rooms.domains
    ada = await users.create(EMAIL, "Dr. Ada", PASSWORD)
    await users.grant(ada.id, (await domains.ensure(of)).scope, "member")
    return ada


async def signed_in(
    installation: Installation, visitor: Visitors, *, origin: str | None = None, **how: Any
) -> Person:
    """The browser of the user, on a page of ours unless another origin is said."""
    token, _ = await installation.vestibule.shared.sessions.sign_in(EMAIL, PASSWORD)
    return await visitor(
        origin=origin or f"http://127.0.0.1:{visitor.port}",
        additional_headers={"Cookie": f"vestibule_session={token}"},
        **how,
    )


@pytest.mark.parametrize(("privacy", "access"), WAYS_IN)
@both_ways
async def test_a_member_enters_every_room_of_the_team(
    installation: Installation, visitor: Visitors, privacy: str, access: str
) -> None:
    await installation.room(privacy=privacy)
    ada = await staff(installation)
    person = await signed_in(installation, visitor)

    await person.says_hello()

    welcome = await person.hear("welcome")
    assert (welcome["access"], welcome["you"]["user_name"]) == (access, "Dr. Ada")
    await person.say("join", user_name="Somebody else", media=MEDIA)
    you = (await person.is_in())["you"]
    assert (you["user_name"], you["user_id"], you["is_owner"]) == ("Dr. Ada", ada.id, False)


@pytest.mark.parametrize("privacy", ["org", "private"])
async def test_whoever_is_not_signed_in_stays_outside(
    installation: Installation, visitor: Visitors, privacy: str
) -> None:
    await installation.room(privacy=privacy)
    cleo = await visitor()

    await cleo.says_hello()

    assert (await cleo.hear("refused"))["reason"] == "not-allowed"


async def test_the_member_of_another_team_is_a_stranger_and_stays_unnamed(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room("closed", privacy="org")
    await installation.room("open")
    await staff(installation, of="practice")
    person, again = [await signed_in(installation, visitor) for _ in range(2)]

    await person.says_hello("closed")
    await again.says_hello("open")

    assert (await person.hear("refused"))["reason"] == "not-allowed"
    assert (await again.hear("welcome"))["you"]["user_name"] == ""


async def test_the_page_of_another_site_cannot_use_the_member_s_session(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room(privacy="org")
    await staff(installation)
    person = await signed_in(installation, visitor, origin="https://elsewhere.example")

    await person.says_hello()

    assert (await person.hear("refused"))["reason"] == "not-allowed"


async def test_a_token_speaks_before_the_session(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    await staff(installation)
    person = await signed_in(installation, visitor)

    joined = await person.joins("Ada", token=await installation.token(user_name="Guest of honour"))

    assert (joined["you"]["user_name"], joined["you"]["user_id"]) == ("Guest of honour", None)


async def test_a_member_who_lost_the_place_is_welcome_again(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room(privacy="org")
    ada = await staff(installation)
    host, person = await visitor(), await signed_in(installation, visitor)
    await host.joins("Ben", token=await installation.token())
    await person.joins("Ada")
    await host.hear("participant-joined")
    await person.loses_the_connection()
    assert not (await host.hear("participant-updated"))["participant"]["connected"]
    await installation.passes(3600)
    await host.hear("participant-left")

    again = await signed_in(installation, visitor)
    await again.comes_back(person.ticket)

    assert (await again.is_in())["you"]["user_id"] == ada.id


async def test_whoever_is_removed_between_hello_and_join_stays_outside(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room(privacy="org")
    await staff(installation)
    person = await signed_in(installation, visitor)
    await person.says_hello()
    await person.hear("welcome")

    domain = await installation.vestibule.rooms.domains.primary()
    await installation.vestibule.rooms.teams.remove(domain.scope, EMAIL)
    await person.say("join", user_name="Ada", media=MEDIA)

    assert (await person.hear("refused"))["reason"] == "not-allowed"

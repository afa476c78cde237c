"""Ten minutes more: who may, when, and what everybody gets."""

from tests.integration.rooms.calls.conftest import Installation
from tests.integration.rooms.calls.people import Person, Visitors


async def allow(installation: Installation) -> None:
    rooms = installation.vestibule.rooms
    domain = await rooms.domains.primary()
    await rooms.configurations.change(domain.id, {"enable_call_extension": True})


async def owner_and_guest(
    installation: Installation, visitor: Visitors, *, seconds: int
) -> tuple[Person, Person]:
    await installation.room(exp=installation.now + seconds, eject_at_room_exp=True)
    ada, ben = await visitor(), await visitor()
    joined = await ada.joins("Ada", token=await installation.token(is_owner=True))
    assert joined["you"]["will_eject_at"] == installation.now + seconds
    await ben.joins("Ben")
    await ada.hear("participant-joined")
    return ada, ben


async def test_an_owner_prolongs_the_call_for_everybody_where_the_domain_allows_it(
    installation: Installation, visitor: Visitors
) -> None:
    await allow(installation)
    ada, ben = await owner_and_guest(installation, visitor, seconds=300)
    end = installation.now + 300

    await ada.say("extend")

    for person in (ada, ben):
        extended = await person.hear("extended")
        assert (extended["by"], extended["seconds"]) == (ada.session_id, 600)
        await person.hear("resume")
    await ada.say("extend")
    assert (await ada.hear("problem"))["code"] == "not-allowed"
    await installation.passes(301)
    await ben.hears_nothing()
    cleo = await visitor()
    assert (await cleo.joins("Cleo"))["you"]["will_eject_at"] == end + 600
    await ben.hear("participant-joined")
    await installation.passes(600)
    assert (await ada.hear("participant-joined"))["participant"]["user_name"] == "Cleo"
    assert (await ada.hear("ended"))["reason"] == "room-expired"


async def test_the_ten_minutes_outlive_a_restart_of_the_server(
    installation: Installation, visitor: Visitors
) -> None:
    await allow(installation)
    ada, ben = await owner_and_guest(installation, visitor, seconds=300)
    end = installation.now + 300
    await ada.say("extend")
    await ben.hear("extended")
    ticket = (await ben.hear("resume"))["resume"]

    async with installation.next_server() as visitors:
        again = await visitors()
        await again.comes_back(ticket)

        assert (await again.is_in())["you"]["will_eject_at"] == end + 600


async def test_only_an_owner_may_and_only_in_the_last_ten_minutes(
    installation: Installation, visitor: Visitors
) -> None:
    await allow(installation)
    ada, ben = await owner_and_guest(installation, visitor, seconds=900)

    for person in (ada, ben):
        await person.say("extend")
        assert (await person.hear("problem"))["code"] == "not-allowed"
    await installation.passes(301)
    await ben.say("extend")
    assert (await ben.hear("problem"))["code"] == "not-allowed"
    await ada.say("extend")
    await ada.hear("extended")


async def test_nobody_may_where_the_domain_does_not_say_so(
    installation: Installation, visitor: Visitors
) -> None:
    ada, _ = await owner_and_guest(installation, visitor, seconds=300)

    await ada.say("extend")

    assert (await ada.hear("problem"))["code"] == "not-allowed"

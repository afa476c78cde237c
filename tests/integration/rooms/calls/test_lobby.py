"""Waiting to be let in."""

from tests.integration.rooms.calls.conftest import Installation, both_ways
from tests.integration.rooms.calls.people import Person, Visitors
from vestibule.rooms.calls.gathering import MOST_STRANGERS


async def owner_joins(installation: Installation, visitor: Visitors) -> Person:
    ada = await visitor()
    await ada.joins("Ada", token=await installation.token(is_owner=True))
    return ada


async def stranger_knocks(visitor: Visitors, name: str = "Cleo") -> Person:
    cleo = await visitor()
    await cleo.asks_to_join(name)
    await cleo.waits()
    return cleo


@both_ways
async def test_an_owner_lets_a_stranger_in(installation: Installation, visitor: Visitors) -> None:
    await installation.private_room()
    ada = await owner_joins(installation, visitor)
    cleo = await stranger_knocks(visitor)
    knock = (await ada.hear("knock"))["knock"]

    await ada.say("admit", session_id=knock["session_id"])

    assert (knock["user_name"], knock["session_id"]) == ("Cleo", cleo.session_id)
    assert (await ada.hear("knock-gone"))["outcome"] == "admitted"
    assert (await ada.hear("participant-joined"))["participant"]["session_id"] == cleo.session_id
    joined = await cleo.is_in()
    assert [other["user_name"] for other in joined["participants"]] == ["Ada"]
    assert (joined["may_admit"], joined["knocks"]) == (False, [])


async def test_an_owner_sends_a_stranger_away(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada = await owner_joins(installation, visitor)
    cleo = await stranger_knocks(visitor)
    await ada.hear("knock")

    await ada.say("deny", session_id=cleo.session_id)

    assert (await cleo.hear("ended"))["reason"] == "denied"
    assert await cleo.closed() == 4410
    assert (await ada.hear("knock-gone"))["outcome"] == "denied"

    again = await visitor()
    await again.comes_back(cleo.ticket)
    assert (await again.hear("refused"))["reason"] == "ejected"
    assert await again.closed() == 4403


async def test_a_patient_who_comes_first_waits_for_the_owner(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ben = await visitor()
    await ben.asks_to_join("Ben", token=await installation.token(user_name="Ben", knocking=True))
    assert (await ben.waits())["owner_present"] is False

    ada = await visitor()
    joined = await ada.joins("Ada", token=await installation.token(is_owner=True))

    assert [knock["user_name"] for knock in joined["knocks"]] == ["Ben"]
    assert (await ben.waits())["owner_present"] is True
    await ada.say("leave")
    assert (await ben.waits())["owner_present"] is False


@both_ways
async def test_an_owner_who_comes_back_sees_who_waits(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada = await owner_joins(installation, visitor)
    cleo = await stranger_knocks(visitor)
    await ada.hear("knock")

    await ada.loses_the_connection()
    assert (await cleo.waits())["owner_present"] is False
    back = await visitor()
    await back.comes_back(ada.ticket)

    assert [knock["session_id"] for knock in (await back.is_in())["knocks"]] == [cleo.session_id]
    assert (await cleo.waits())["owner_present"] is True


async def test_those_who_wait_learn_nothing_of_each_other(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada = await owner_joins(installation, visitor)
    cleo, dora = await stranger_knocks(visitor), await stranger_knocks(visitor, "Dora")

    await ada.say("deny", session_id=dora.session_id)

    await dora.hear("ended")
    await cleo.hears_nothing()


async def test_the_first_answer_counts(installation: Installation, visitor: Visitors) -> None:
    await installation.private_room()
    ada = await owner_joins(installation, visitor)
    cleo = await stranger_knocks(visitor)
    await ada.hear("knock")

    await ada.say("admit", session_id=cleo.session_id)
    await ada.say("deny", session_id=cleo.session_id)

    await ada.hear("knock-gone")
    await ada.hear("participant-joined")
    assert (await ada.hear("problem"))["code"] == "not-found"
    await cleo.is_in()
    await cleo.hears_nothing()


async def test_only_those_who_may_can_let_people_in(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ben = await visitor()
    await ben.joins("Ben", token=await installation.token())
    cleo = await stranger_knocks(visitor)

    await ben.say("admit", session_id=cleo.session_id)
    await cleo.say("admit", session_id=cleo.session_id)

    assert (await ben.hear("problem"))["code"] == "not-allowed"
    assert (await cleo.hear("problem"))["code"] == "not-allowed"


@both_ways
async def test_nobody_is_let_into_a_full_call(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room(max_participants=2)
    ada = await owner_joins(installation, visitor)
    ben = await visitor()
    await ben.joins("Ben", token=await installation.token())
    cleo = await stranger_knocks(visitor)
    await ada.hear("participant-joined")
    await ada.hear("knock")

    await ada.say("admit", session_id=cleo.session_id)

    assert (await ada.hear("problem"))["code"] == "meeting-full"
    await cleo.hears_nothing()
    await ben.say("leave")
    await ada.hear("participant-left")
    await ada.say("admit", session_id=cleo.session_id)
    await cleo.is_in()


async def test_whose_link_ran_out_while_waiting_is_told(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada = await owner_joins(installation, visitor)
    exp = installation.now + 60
    ben = await visitor()
    await ben.asks_to_join("Ben", token=await installation.token(knocking=True, exp=exp))
    await ben.waits()
    await ada.hear("knock")

    await installation.passes(61)
    await ada.say("admit", session_id=ben.session_id)

    refused = await ben.hear("refused")
    assert (refused["reason"], refused["at"]) == ("exp-token", exp)
    assert await ben.closed() == 4403
    assert (await ada.hear("problem"))["code"] == "not-allowed"
    assert (await ada.hear("knock-gone"))["outcome"] == "left"


async def test_an_owner_learns_that_somebody_gave_up(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada = await owner_joins(installation, visitor)
    cleo, dora = await stranger_knocks(visitor), await stranger_knocks(visitor, "Dora")
    for _ in range(2):
        await ada.hear("knock")

    await cleo.say("leave")
    assert (await ada.hear("knock-gone"))["session_id"] == cleo.session_id
    assert await cleo.closed() == 1000
    await dora.loses_the_connection()
    await ada.hears_nothing()
    await installation.passes(31)
    assert (await ada.hear("knock-gone"))["session_id"] == dora.session_id


async def test_the_host_sees_who_was_invited_and_who_only_says_so(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada = await owner_joins(installation, visitor)
    ben = await visitor()
    await ben.asks_to_join(
        "Somebody", token=await installation.token(user_name="Ben", knocking=True)
    )
    await ben.waits()
    invited = (await ada.hear("knock"))["knock"]
    await stranger_knocks(visitor, name="Ben")
    stranger = (await ada.hear("knock"))["knock"]

    assert (invited["user_name"], invited["is_invited"]) == ("Ben", True)
    assert (stranger["user_name"], stranger["is_invited"]) == ("Ben", False)


async def test_a_name_that_nobody_could_see_is_none(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada = await owner_joins(installation, visitor)
    await stranger_knocks(visitor, name="\u200b\u2060 \u200d")

    assert (await ada.hear("knock"))["knock"]["user_name"] == ""


async def test_strangers_cannot_crowd_the_invited_out_of_the_lobby(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    for number in range(MOST_STRANGERS):
        await stranger_knocks(visitor, name=f"Stranger {number}")
    one_more = await visitor()
    await one_more.asks_to_join("One more")

    assert (await one_more.hear("refused"))["reason"] == "meeting-full"
    ben = await visitor()
    await ben.asks_to_join("", token=await installation.token(user_name="Ben", knocking=True))
    await ben.waits()

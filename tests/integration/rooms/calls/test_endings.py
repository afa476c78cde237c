"""What ends a stay without the person's doing."""

from tests.integration.rooms.calls.conftest import Installation, both_ways
from tests.integration.rooms.calls.people import Visitors


@both_ways
async def test_deleting_a_room_sends_everybody_out(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada, ben, cleo = await visitor(), await visitor(), await visitor()
    await ada.joins("Ada", token=await installation.token(is_owner=True))
    await ben.joins("Ben", token=await installation.token())
    await cleo.asks_to_join("Cleo")
    await cleo.waits()
    await ada.hear("participant-joined")
    await ada.hear("knock")

    await installation.delete_room()

    for person in (ada, ben, cleo):
        assert (await person.hear("ended"))["reason"] == "room-deleted"
        assert await person.closed() == 4410


async def test_a_room_of_the_same_name_is_another_room(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room()
    ada = await visitor()
    await ada.joins("Ada")
    await installation.delete_room()
    await installation.room()

    again = await visitor()
    await again.comes_back(ada.ticket)

    assert (await again.hear("welcome"))["access"] == "enter"


async def test_people_inside_stay_when_the_room_expires(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room(exp=installation.now + 60)
    ada, cleo = await visitor(), await visitor()
    await ada.joins("Ada")

    await installation.passes(61)

    await ada.hears_nothing()
    await cleo.says_hello()
    assert (await cleo.hear("refused"))["reason"] == "exp-room"


async def test_a_room_that_expired_long_ago_is_kept_for_those_inside_and_then_collected(
    installation: Installation, visitor: Visitors
) -> None:
    room = await installation.room(exp=installation.now + 60)
    rooms = installation.vestibule.rooms
    ada = await visitor()
    await ada.joins("Ada")
    await installation.passes(31 * 24 * 3600)

    await rooms.collector.step()
    await ada.hears_nothing()
    assert await rooms.definitions.get_by_id(room.id) is not None
    await ada.say("leave")
    assert await ada.closed() == 1000
    await rooms.collector.step()

    assert await rooms.definitions.get_by_id(room.id) is None


async def test_the_lobby_closes_when_the_room_expires(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room(exp=installation.now + 60)
    cleo = await visitor()
    await cleo.asks_to_join("Cleo")
    await cleo.waits()

    await installation.passes(61)

    assert (await cleo.hear("ended"))["reason"] == "room-expired"
    assert await cleo.closed() == 4410


@both_ways
async def test_a_room_that_was_prolonged_keeps_its_lobby(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room(exp=installation.now + 60)
    cleo = await visitor()
    await cleo.asks_to_join("Cleo")
    await cleo.waits()

    await installation.change_room(properties={"exp": installation.now + 3600})
    await cleo.hears_nothing()
    await installation.passes(61)

    await cleo.hears_nothing()


async def test_a_room_can_send_everybody_out_at_its_end(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room(exp=installation.now + 60, eject_at_room_exp=True)
    ada = await visitor()
    await ada.joins("Ada")

    await installation.passes(59)
    await ada.hears_nothing()
    await installation.passes(1)

    assert (await ada.hear("ended"))["reason"] == "room-expired"
    assert await ada.closed() == 4410


async def test_a_token_can_limit_the_stay(installation: Installation, visitor: Visitors) -> None:
    await installation.room()
    ada, ben = await visitor(), await visitor()
    token = await installation.token(eject_after_elapsed=120)
    await ada.joins("Ada", token=token)
    await ben.joins("Ben")
    await ada.hear("participant-joined")

    await installation.passes(120)

    assert (await ada.hear("ended"))["reason"] == "time-over"
    assert (await ben.hear("participant-left"))["session_id"] == ada.session_id
    again = await visitor()
    await again.joins("Ada", token=token)  # the token itself is not over (reference 4.2)


@both_ways
async def test_joining_elsewhere_replaces_an_id_that_must_be_unique(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room(enforce_unique_user_ids=True)
    token = await installation.token(user_id="staff-7")
    ada, other = await visitor(), await visitor()
    await ada.joins("Ada", token=token)

    joined = await other.joins("Ada", token=token)

    assert (await ada.hear("ended"))["reason"] == "replaced"
    assert joined["participants"] == []


async def test_somebody_who_comes_from_another_device_takes_over_the_own_place(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room(max_participants=2)
    doctor = await installation.token(is_owner=True, user_id="specialist-7")
    patient = await installation.token(user_id="patient-3", knocking=True)
    desk, phone, tablet, other_phone, third = [await visitor() for _ in range(5)]
    await desk.joins("Ada", token=doctor)
    await phone.asks_to_join("Ben", token=patient)
    await phone.waits()
    await desk.hear("knock")
    await desk.say("admit", session_id=phone.session_id)
    await phone.is_in()

    joined = await tablet.joins("Ada", token=doctor)

    assert (await desk.hear("knock-gone"))["outcome"] == "admitted"
    await desk.hear("participant-joined")
    assert (await desk.hear("ended"))["reason"] == "replaced"
    assert [other["session_id"] for other in joined["participants"]] == [phone.session_id]
    await other_phone.asks_to_join("Ben", token=patient)
    await other_phone.waits()
    await tablet.hear("knock")
    await tablet.say("admit", session_id=other_phone.session_id)
    await other_phone.is_in()
    await phone.hear("participant-left")
    await phone.hear("participant-joined")
    assert (await phone.hear("ended"))["reason"] == "replaced"
    await third.says_hello(token=await installation.token(user_id="patient-4"))
    assert (await third.hear("refused"))["reason"] == "meeting-full"


async def test_a_server_that_ends_says_so(installation: Installation, visitor: Visitors) -> None:
    await installation.room()
    ada, ben = await visitor(), await visitor()
    await ada.joins("Ada")
    await ben.says_hello()
    await ben.hear("welcome")

    await installation.vestibule.rooms.calls.close()

    assert await ada.closed() == 1012
    assert await ben.closed() == 1012


async def test_a_web_server_that_ends_says_so_too(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room()
    ada = await visitor()
    await ada.joins("Ada")

    installation.server.should_exit = True

    assert await ada.closed() == 1012

"""What pages say to each other through the server."""

from typing import Any

from tests.integration.rooms.calls.conftest import Installation
from tests.integration.rooms.calls.people import Person, Visitors
from vestibule.rooms.calls.from_browser import MAX_APP_MESSAGE_LENGTH, MAX_USER_DATA_LENGTH


async def three_meet(installation: Installation, visitor: Visitors) -> list[Person]:
    await installation.private_room()
    people = [await visitor() for _ in range(3)]
    for number, person in enumerate(people):
        token = await installation.token(is_owner=number == 0)
        await person.joins(["Ada", "Ben", "Cleo"][number], token=token)
        for other in people[:number]:
            await other.hear("participant-joined")
    return people


async def test_an_app_message_goes_to_all_others_or_to_those_named(
    installation: Installation, visitor: Visitors
) -> None:
    ada, ben, cleo = await three_meet(installation, visitor)

    await ada.say("app-message", data={"chat": "Hello"})
    await ada.say("app-message", to=[cleo.session_id, "nobody"], data="only you")

    heard: dict[str, Any] = {"type": "app-message-from", "sender": ada.session_id}
    assert await ben.hear("app-message-from") == {**heard, "data": {"chat": "Hello"}}
    await ben.hears_nothing()
    assert (await cleo.hear("app-message-from"))["data"] == {"chat": "Hello"}
    assert await cleo.hear("app-message-from") == {**heard, "data": "only you"}
    await ada.hears_nothing()


async def test_what_is_said_to_somebody_whose_connection_is_lost_arrives_later(
    installation: Installation, visitor: Visitors
) -> None:
    ada, ben, cleo = await three_meet(installation, visitor)
    await ben.loses_the_connection()
    await ada.hear("participant-updated")
    await cleo.hear("participant-updated")

    await ada.say("app-message", data="still there?")
    await cleo.hear("app-message-from")
    back = await visitor()
    await back.comes_back(ben.ticket)
    await back.is_in()

    assert (await back.hear("app-message-from"))["data"] == "still there?"


async def test_too_long_and_too_many_messages_are_refused(
    installation: Installation, visitor: Visitors
) -> None:
    ada, ben, _ = await three_meet(installation, visitor)

    await ada.say("app-message", data="x" * MAX_APP_MESSAGE_LENGTH)
    await ada.say("set-user-data", data="x" * MAX_USER_DATA_LENGTH)
    for _ in range(2):
        assert (await ada.hear("problem"))["code"] == "too-big"
    for number in range(30):
        await ada.say("app-message", data=number)

    assert (await ada.hear("problem"))["code"] == "too-fast"
    assert [(await ben.hear("app-message-from"))["data"] for _ in range(29)] == list(range(29))
    await ben.hears_nothing()
    await installation.passes(1)
    await ada.say("app-message", data="again")
    assert (await ben.hear("app-message-from"))["data"] == "again"


async def test_somebody_who_waits_can_write_to_the_host_and_the_host_back(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.private_room()
    ada, ben, cleo, dora = [await visitor() for _ in range(4)]
    await ada.joins("Ada", token=await installation.token(is_owner=True))
    await ben.joins("Ben", token=await installation.token())
    await ada.hear("participant-joined")
    for waiting in (cleo, dora):
        await waiting.asks_to_join("Cleo")
        await waiting.waits()
        await ada.hear("knock")

    await cleo.say("app-message", data="I am the interpreter")
    assert (await ada.hear("app-message-from"))["sender"] == cleo.session_id
    await ada.say("app-message", to=[cleo.session_id], data="One moment")
    assert (await cleo.hear("app-message-from"))["data"] == "One moment"
    await ben.say("app-message", to=[cleo.session_id], data="psst")
    await ada.say("app-message", data="to the call")
    assert (await ben.hear("app-message-from"))["data"] == "to the call"
    await cleo.hears_nothing()
    await dora.hears_nothing()


async def test_names_and_user_data_change_for_everybody_and_survive_a_restart(
    installation: Installation, visitor: Visitors
) -> None:
    ada, ben, _ = await three_meet(installation, visitor)

    await ben.say("set-user-name", user_name="  Benjamin\n")
    own = (await ben.hear("participant-updated"))["participant"]
    assert own["user_name"] == "Benjamin"
    assert (await ada.hear("participant-updated"))["participant"] == own
    await ben.hear("resume")
    await ben.say("set-user-data", data={"hand": True})
    assert (await ada.hear("participant-updated"))["participant"]["user_data"] == {"hand": True}
    await ben.hear("participant-updated")
    ticket = (await ben.hear("resume"))["resume"]
    await installation.vestibule.rooms.calls.close()

    async with installation.next_server() as next_visitor:
        back = await next_visitor()
        await back.comes_back(ticket)
        you = (await back.is_in())["you"]
        assert (you["user_name"], you["user_data"]) == ("Benjamin", {"hand": True})


async def test_session_data_is_everybodys_and_told_at_most_once_a_second(
    installation: Installation, visitor: Visitors
) -> None:
    ada, ben, _ = await three_meet(installation, visitor)

    await ada.say("set-session-data", data={"step": 1, "topic": "knee"})
    assert (await ben.hear("session-data"))["data"] == {"step": 1, "topic": "knee"}
    await ben.say("set-session-data", data={"step": 2}, merge_strategy="shallow-merge")
    await ben.say(
        "set-session-data",
        data={"next": "rest"},
        merge_strategy="shallow-merge",
        keys_to_delete=["topic"],
    )
    await ben.hears_nothing()
    await installation.passes(1)

    told = (await ben.hear("session-data"))["data"]
    assert list(told.items()) == [("step", 2), ("next", "rest")]
    late = await visitor()
    joined = await late.joins("Dora", token=await installation.token())
    assert joined["session_data"] == told

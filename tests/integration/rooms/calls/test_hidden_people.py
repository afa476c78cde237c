"""People who only watch: they receive, and stand in no list."""

from tests.integration.rooms.calls.conftest import Installation
from tests.integration.rooms.calls.people import MEDIA, Visitors

HIDDEN = {"hasPresence": False}


async def test_a_hidden_person_is_only_an_address_for_media(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room(max_participants=1)
    ada, eve, mallory = [await visitor() for _ in range(3)]
    await ada.joins("Ada", token=await installation.token())

    token = await installation.token(permissions=HIDDEN, user_id="watcher", user_name="Eve")
    joined = await eve.joins("Eve", token=token)

    seen = (await ada.hear("participant-joined"))["participant"]
    assert (seen["session_id"], seen["user_name"], seen["user_id"]) == (eve.session_id, "", None)
    assert seen["permissions"]["has_presence"] is False
    assert not any(seen["media"].values())
    assert joined["you"]["user_name"] == "Eve"
    assert [other["user_name"] for other in joined["participants"]] == ["Ada"]
    await eve.say("description", to=ada.session_id, kind="offer", sdp="v=0")
    assert (await ada.hear("description-from"))["sender"] == eve.session_id
    await eve.say("app-message", data="boo")
    assert (await eve.hear("problem"))["code"] == "not-allowed"
    _, presence = await installation.ask("GET", "/presence")
    assert [view["userName"] for view in presence["consult"]] == ["Ada"]
    # There may be as many who watch as there are places.
    await mallory.says_hello(token=token)
    assert (await mallory.hear("refused"))["reason"] == "meeting-full"


async def test_guests_of_a_room_with_hidden_participants_see_owners_only(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room(enable_hidden_participants=True)
    ada, ben, cleo, dora = [await visitor() for _ in range(4)]
    await ada.joins("Ada", token=await installation.token(is_owner=True))
    await ben.joins("Ben")

    joined = await cleo.joins("Cleo")
    seen = await dora.joins("Dora", token=await installation.token(permissions={"canSend": True}))

    assert [other["session_id"] for other in joined["participants"]] == [ada.session_id]
    assert [other["session_id"] for other in seen["participants"]] == [ada.session_id]
    await ben.hears_nothing()
    await cleo.say("description", to=ben.session_id, kind="offer", sdp="v=0")
    await ben.hears_nothing()


async def test_somebody_who_becomes_visible_is_introduced_and_disappears_again(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room(enable_hidden_participants=True)
    ada, ben, cleo = [await visitor() for _ in range(3)]
    await ada.joins("Ada", token=await installation.token(is_owner=True))
    await ben.joins("Ben")
    await cleo.joins("Cleo")
    for _ in range(2):
        await ada.hear("participant-joined")

    visible = {"has_presence": True, "can_send": True}
    await ada.say("update-permissions", session_id=ben.session_id, permissions=visible)

    own = (await ben.hear("participant-updated"))["participant"]
    assert own["media"] == MEDIA
    assert (await ada.hear("participant-updated"))["participant"] == own
    assert (await cleo.hear("participant-joined"))["participant"] == own
    assert (await ben.hear("participant-joined"))["participant"]["session_id"] == cleo.session_id
    await ben.hear("resume")

    hidden = {"has_presence": False}
    await ada.say("update-permissions", session_id=ben.session_id, permissions=hidden)

    await ben.hear("participant-updated")
    assert (await ada.hear("participant-updated"))["participant"]["user_name"] == ""
    assert (await cleo.hear("participant-left"))["session_id"] == ben.session_id
    assert (await ben.hear("participant-left"))["session_id"] == cleo.session_id

"""Two people and more in one call."""

from tests.integration.rooms.calls.conftest import Installation, both_ways
from tests.integration.rooms.calls.people import MEDIA, Visitors


@both_ways
async def test_two_people_meet(installation: Installation, visitor: Visitors) -> None:
    await installation.room()
    ada, ben = await visitor(), await visitor()

    alone = await ada.joins("Ada")
    together = await ben.joins("Ben")

    assert alone["participants"] == []
    assert [other["user_name"] for other in together["participants"]] == ["Ada"]
    newcomer = (await ada.hear("participant-joined"))["participant"]
    assert newcomer == together["you"]
    assert newcomer["joined_at"] > alone["you"]["joined_at"]


@both_ways
async def test_what_one_says_reaches_only_the_one_it_is_for(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room()
    ada, ben, cleo = await visitor(), await visitor(), await visitor()
    for person, name in ((ada, "Ada"), (ben, "Ben"), (cleo, "Cleo")):
        await person.joins(name)
    for _ in range(2):
        await ada.hear("participant-joined")
    await ben.hear("participant-joined")

    await cleo.say("description", to=ada.session_id, kind="offer", sdp="v=0")
    await cleo.say("candidate", to=ada.session_id, candidate="candidate:1", sdp_mid="0")
    offer = await ada.hear("description-from")
    candidate = await ada.hear("candidate-from")

    assert offer == {
        "type": "description-from",
        "sender": cleo.session_id,
        "kind": "offer",
        "sdp": "v=0",
    }
    assert (candidate["sender"], candidate["candidate"]) == (cleo.session_id, "candidate:1")
    await ben.hears_nothing()
    await cleo.hears_nothing()


async def test_others_see_what_somebody_sends(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room()
    ada, ben = await visitor(), await visitor()
    await ada.joins("Ada")
    await ben.joins("Ben")

    await ada.say("set-media", media={**MEDIA, "audio": False})
    update = await ben.hear("participant-updated")

    assert update["participant"]["session_id"] == ada.session_id
    assert update["participant"]["media"] == {**MEDIA, "audio": False}


@both_ways
async def test_who_leaves_is_gone_at_once(installation: Installation, visitor: Visitors) -> None:
    await installation.room()
    ada, ben = await visitor(), await visitor()
    await ada.joins("Ada")
    await ben.joins("Ben")
    await ada.hear("participant-joined")

    await ben.say("leave")

    assert (await ada.hear("participant-left"))["session_id"] == ben.session_id
    assert await ben.closed() == 1000


async def test_the_name_in_the_token_wins(installation: Installation, visitor: Visitors) -> None:
    await installation.room()
    token = await installation.token(user_name="Dr Ada Lovelace", user_id="staff-7")
    ada = await visitor()

    joined = await ada.joins("Somebody else", token=token)

    assert joined["you"]["user_name"] == "Dr Ada Lovelace"
    assert joined["you"]["user_id"] == "staff-7"


async def test_a_name_is_one_plain_line(installation: Installation, visitor: Visitors) -> None:
    await installation.room()
    ada = await visitor()

    joined = await ada.joins("  Ada\n\x00 \u202eLovelace\t")

    assert joined["you"]["user_name"] == "Ada Lovelace"

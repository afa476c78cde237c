"""Presence and actions over the REST API, with effect on real sockets (reference 5.10, 7.1)."""

from typing import Any

import pytest

from tests.integration.rooms.calls.conftest import Installation, both_ways
from tests.integration.rooms.calls.people import Person, Visitors


async def a_call(installation: Installation, visitor: Visitors) -> tuple[Person, Person]:
    await installation.private_room()
    ada, ben = await visitor(), await visitor()
    await ada.joins("", token=await installation.token(is_owner=True, user_name="Ada"))
    await installation.passes(60)
    await ben.joins("", token=await installation.token(user_id="b", user_name="Ben"))
    await ada.hear("participant-joined")
    return ada, ben


@both_ways
async def test_presence_tells_who_is_in_which_call_and_since_when(
    installation: Installation, visitor: Visitors
) -> None:
    ada, ben = await a_call(installation, visitor)
    await installation.room("empty")
    cleo = await visitor()
    await cleo.asks_to_join("Cleo")
    await cleo.waits()

    await installation.vestibule.rooms.calls.chronicle.settled()
    _, everywhere = await installation.ask("GET", "/presence")
    _, meetings = await installation.ask("GET", "/meetings")
    _, here = await installation.ask("GET", "/rooms/consult/presence")
    _, of_ben = await installation.ask("GET", "/rooms/consult/presence?userId=b&userName=Ben")
    _, first = await installation.ask("GET", "/rooms/consult/presence?limit=1")
    _, nobody = await installation.ask("GET", "/rooms/empty/presence")

    assert everywhere == {"consult": here["data"]}
    [view, _] = here["data"]
    joined_at = view.pop("joinTime")
    assert view == {
        "room": "consult",
        "mtgSessionId": meetings["data"][0]["id"],
        "id": ada.session_id,
        "userId": None,
        "userName": "Ada",
        "duration": 60,
    }
    assert joined_at.endswith(".000Z")
    assert (here["total_count"], [each["id"] for each in here["data"]]) == (
        2,
        [ada.session_id, ben.session_id],
    )
    assert (of_ben["total_count"], of_ben["data"][0]["id"]) == (1, ben.session_id)
    assert (first["total_count"], len(first["data"])) == (2, 1)
    assert nobody == {"total_count": 0, "data": []}


@both_ways
async def test_eject_sends_out_by_session_and_by_user_and_says_whom_it_met(
    installation: Installation, visitor: Visitors
) -> None:
    ada, ben = await a_call(installation, visitor)
    cleo = await visitor()
    await cleo.asks_to_join("Cleo", token=await installation.token(user_id="c", knocking=True))
    await cleo.waits()
    await ada.hear("knock")

    status, answer = await installation.ask(
        "POST",
        "/rooms/consult/eject",
        {"ids": ["nobody"], "user_ids": ["b", "c"], "ban": True},
        request_id="of-a-customer.01",
    )

    assert (status, set(answer["ejectedIds"])) == (200, {ben.session_id, cleo.session_id})
    for person in (ben, cleo):
        assert (await person.hear("ended"))["reason"] == "ejected"
        assert await person.closed() == 4410
    for user_id in ("b", "c"):
        again = await visitor()
        await again.says_hello(token=await installation.token(user_id=user_id))
        assert (await again.hear("refused"))["reason"] == "not-allowed"
    assert await installation.events("of-a-customer.01") == [
        "participant.left",
        "waiting-participant.left",
    ]


@both_ways
async def test_a_message_of_the_customers_server_reaches_one_or_all(
    installation: Installation, visitor: Visitors
) -> None:
    ada, ben = await a_call(installation, visitor)
    to_ben = {"data": {"n": 1}, "recipient": ben.session_id}

    first = await installation.ask("POST", "/rooms/consult/send-app-message", to_ben)
    await installation.ask("POST", "/rooms/consult/send-app-message", {"data": {"n": 2}})
    gone = {"data": {"n": 3}, "recipient": "nobody"}
    third = await installation.ask("POST", "/rooms/consult/send-app-message", gone)

    assert first == third == (200, {"sent": "true"})
    heard = {"type": "app-message-from", "sender": None}
    assert await ben.hear("app-message-from") == {**heard, "data": {"n": 1}}
    for person in (ada, ben):
        assert await person.hear("app-message-from") == {**heard, "data": {"n": 2}}


@both_ways
async def test_session_data_is_set_merged_and_read(
    installation: Installation, visitor: Visitors
) -> None:
    ada, _ = await a_call(installation, visitor)

    async def change(body: Any) -> list[tuple[str, Any]]:
        status, answer = await installation.ask("POST", "/rooms/consult/set-session-data", body)
        assert (status, answer) == (200, {"sent": "true"})
        _, now = await installation.ask("GET", "/rooms/consult/get-session-data")
        return list(now["data"].items())

    assert await change({"data": {"b": 1, "a": {"x": 1}}}) == [("b", 1), ("a", {"x": 1})]
    merge = {"data": {"a": {"y": 2}, "c": 3}, "mergeStrategy": "shallow-merge"}
    assert await change(merge) == [("b", 1), ("a", {"y": 2}), ("c", 3)]
    delete = {"mergeStrategy": "shallow-merge", "keysToDelete": ["b", "nothing"]}
    assert await change(delete) == [("a", {"y": 2}), ("c", 3)]
    assert (await ada.hear("session-data"))["data"] == {"b": 1, "a": {"x": 1}}
    await installation.passes(1)
    assert (await ada.hear("session-data"))["data"] == {"a": {"y": 2}, "c": 3}
    assert await change({}) == []


@both_ways
async def test_permissions_change_for_those_named_and_for_the_rest(
    installation: Installation, visitor: Visitors
) -> None:
    ada, ben = await a_call(installation, visitor)

    answer = await installation.ask(
        "POST",
        "/rooms/consult/update-permissions",
        {
            "data": {
                ada.session_id: {"canReceive": {"byUserId": {"b": False}}},
                "*": {"canSend": ["audio"], "canAdmin": True},
            }
        },
    )

    assert answer == (200, {"status": "sent"})
    own = (await ada.hear("participant-updated"))["participant"]["permissions"]
    assert own["can_receive"]["base"] is True
    assert own["can_receive"]["byUserId"] == {"b": False}
    assert "video" in own["can_send"]
    await ben.hear("participant-updated")
    changed = (await ben.hear("participant-updated"))["participant"]["permissions"]
    assert changed["can_send"] == ["audio"]
    assert changed["can_admin"] == ["participants", "streaming", "transcription"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "eject", {"ids": ["x"]}),
        ("POST", "send-app-message", {"data": {}}),
        ("GET", "get-session-data", None),
        ("POST", "set-session-data", {}),
        ("POST", "update-permissions", {"data": {}}),
    ],
)
@both_ways
async def test_where_nobody_is_there_is_no_call_to_act_on(
    installation: Installation, method: str, path: str, body: Any
) -> None:
    await installation.room()

    no_call = await installation.ask(method, f"/rooms/consult/{path}", body)
    no_room = await installation.ask(method, f"/rooms/nothing/{path}", body)

    assert no_call == (
        404,
        {"error": "not-found", "info": "room consult is not hosting a call"},
    )
    assert no_room == (404, {"error": "not-found", "info": "room nothing not found"})


@pytest.mark.parametrize(
    ("path", "body", "info"),
    [
        ("eject", {}, "give ids or user_ids"),
        ("eject", {"ids": ["x"] * 101}, "ids: "),
        ("eject", {"ids": ["x"], "kick": True}, "invalid property name 'kick'"),
        ("send-app-message", {}, "missing required field 'data'"),
        ("send-app-message", {"data": {"x": "y" * 4090}}, "at most 4096 characters"),
        ("send-app-message", {"data": "text"}, "data: "),
        ("set-session-data", {"keysToDelete": ["a"]}, "shallow-merge"),
        ("set-session-data", {"mergeStrategy": "deep"}, "mergeStrategy"),
        ("set-session-data", {"data": {"x": "y" * 100_000}}, "at most 100000 characters"),
        ("update-permissions", {"data": {"*": {"canFly": True}}}, "canFly"),
        ("update-permissions", {"data": {"*": {"canSend": ["smell"]}}}, "canSend"),
    ],
)
async def test_a_wrong_request_is_named_and_changes_nothing(
    installation: Installation, path: str, body: Any, info: str
) -> None:
    await installation.room()

    status, answer = await installation.ask("POST", f"/rooms/consult/{path}", body)

    assert (status, answer["error"]) == (400, "invalid-request-error")
    assert info in answer["info"]


async def test_another_domain_sees_and_reaches_nothing(
    installation: Installation, visitor: Visitors
) -> None:
    await a_call(installation, visitor)
    domains = installation.vestibule.rooms.domains
    other = await domains.ensure("practice")
    actions = installation.vestibule.rooms.live_actions

    assert await actions.everywhere(other.id) == []
    own = await actions.everywhere((await domains.primary()).id)
    assert [presence.room_name for presence in own] == ["consult"]


async def test_a_domain_can_keep_ids_to_itself_that_could_name_a_person(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.ask("POST", "/", {"properties": {"hipaa": True}})
    await installation.room()
    ada, ben = await visitor(), await visitor()
    await ada.joins("Ada", token=await installation.token(user_id="ada.popescu"))
    opaque = "6e5b9a55-5f0f-4c3c-8f39-0a3c8d1f2b7e"

    joined = await ben.joins("Ben", token=await installation.token(user_id=opaque))
    _, presence = await installation.ask("GET", "/presence")
    _, ejected = await installation.ask(
        "POST", "/rooms/consult/eject", {"user_ids": ["ada.popescu"]}
    )

    assert [other["user_id"] for other in joined["participants"]] == ["hipaa"]
    assert [view["userId"] for view in presence["consult"]] == ["hipaa", opaque]
    assert ejected == {"ejectedIds": [ada.session_id]}


BAD_JSON = ('"\\ud83d"', "[" * 900 + "]" * 900, "NaN", "1e999")


@pytest.mark.parametrize("value", BAD_JSON)
async def test_json_that_could_not_be_passed_on_is_refused_and_harms_nobody(
    installation: Installation, visitor: Visitors, value: str
) -> None:
    ada, _ben = await a_call(installation, visitor)
    body = f'{{"data": {{"a": {value}}}}}'.encode()

    for action in ("set-session-data", "send-app-message"):
        status, answer = await installation.ask("POST", f"/rooms/consult/{action}", content=body)
        assert (status, answer["error"]) == (400, "json-parsing-error"), answer

    assert await installation.ask("GET", "/rooms/consult/get-session-data") == (200, {"data": {}})
    await installation.passes(2)
    late = await visitor()
    await late.joins("", token=await installation.token(user_name="Cleo"))
    assert (await ada.hear("participant-joined"))["participant"]["user_name"] == "Cleo"


async def test_half_an_emoji_from_a_page_becomes_a_sign_for_it(
    installation: Installation, visitor: Visitors
) -> None:
    ada, ben = await a_call(installation, visitor)

    await ben.say("app-message", data={"text": "cut \ud83d"})
    await ben.say("set-user-data", data="\ude00")
    await ben.say("set-user-name", user_name="Ben\ud83d!")

    assert (await ada.hear("app-message-from"))["data"] == {"text": "cut \ufffd"}
    assert (await ada.hear("participant-updated"))["participant"]["user_data"] == "\ufffd"
    assert (await ada.hear("participant-updated"))["participant"]["user_name"] == "Ben\ufffd!"
    for kind in ("participant-updated", "resume") * 2:
        await ben.hear(kind)
    await ben.socket.send('{"type": "set-user-data", "data": 1e999}')
    assert "too large" in (await ben.hear("problem"))["message"]


async def test_a_call_with_a_defect_keeps_no_other_from_its_step(
    installation: Installation, visitor: Visitors
) -> None:
    await installation.room("broken")
    cleo = await visitor()
    await cleo.joins("Cleo", room="broken")
    ada, _ben = await a_call(installation, visitor)
    live = installation.vestibule.rooms.calls.live
    [broken] = [call for call in live.calls() if call.room.name == "broken"]
    broken.participants[cleo.session_id].eject_at = "never"  # type: ignore[assignment]
    await installation.ask("POST", "/rooms/consult/set-session-data", {"data": {"a": 1}})

    await installation.passes(2)

    assert (await ada.hear("session-data"))["data"] == {"a": 1}

"""`/v1` on the wire (reference 13)."""

from typing import Any

import pytest

from tests.contract.rooms.conftest import Customer

pytestmark = pytest.mark.anyio

RIGHTS = {
    "hasPresence": True,
    "canSend": True,
    "canReceive": {"base": True},
    "canAdmin": False,
}


async def test_a_domain_answers_every_property_with_the_value_that_holds(ada: Customer) -> None:
    domain = await ada.get("/")
    assert domain.keys() == {"domain_name", "domain_id", "config"}
    config = domain["config"]
    assert (config["lang"], config["hide_daily_branding"], config["branding"]) == (
        "en",
        False,
        None,
    )
    assert (config["enable_people_ui"], config["redirect_on_meeting_exit"]) == (True, "")
    assert config["permissions"] == RIGHTS


async def test_what_is_not_named_stays_and_null_puts_back(ada: Customer, cleo: Customer) -> None:
    await ada.post("/", {"properties": {"lang": "de", "enable_pip_ui": True}})
    changed = await ada.post(
        "/", {"properties": {"lang": None, "permissions": {"canAdmin": ["streaming"]}}}
    )
    assert changed.keys() == {"domain_name", "config"}
    assert changed["config"]["lang"] == "en"
    assert changed["config"]["enable_pip_ui"] is True
    assert changed["config"]["permissions"] == {**RIGHTS, "canAdmin": ["streaming"]}
    assert (await ada.get("/"))["config"] == changed["config"]
    assert (await cleo.get("/"))["config"]["enable_pip_ui"] is False


@pytest.mark.parametrize(
    ("said", "info"),
    [
        ({"properties": {"langg": "de"}}, "invalid property name 'langg'"),
        ({"properties": {"lang": "tlh"}}, "lang"),
        ({"properties": {"max_participants": 3}}, "invalid property name 'max_participants'"),
        ({"properties": {"intercom_auto_record": True}}, "intercom_auto_record"),
        ({"lang": "de"}, "missing required field 'properties'"),
        ({}, "missing required field 'properties'"),
        ({"properties": {"branding": {"logo": "x"}}}, '"branding.logo" is not allowed'),
        ({"properties": {"branding": {"logo_url": "http://clinic.example/x.png"}}}, "https://"),
        ({"properties": {"branding": {"logo_url": "javascript:alert(1)"}}}, "https://"),
        ({"properties": {"branding": {"logo_url": 'https://x/"><script>'}}}, "https://"),
        ({"properties": {"branding": {"logo_url": "data:image/svg+xml;base64,AAAA"}}}, "https://"),
        ({"properties": {"branding": {"colors": {"accent": "red"}}}}, "branding.colors.accent"),
        ({"properties": {"token_policy": {"max_lifetime_seconds": 0}}}, "max_lifetime_seconds"),
    ],
)
async def test_a_wrong_change_of_a_domain_changes_nothing(
    ada: Customer, said: dict[str, Any], info: str
) -> None:
    before = await ada.get("/")
    both = {**said, "properties": {"enable_pip_ui": True, **said.get("properties", {})}}
    status, answer = await ada.ask("POST", "/", both if "properties" in said else said)
    assert (status, answer["error"]) == (400, "invalid-request-error")
    assert info in answer["info"]
    assert await ada.get("/") == before


async def test_a_new_room_shows_no_config_for_what_its_domain_sets(ada: Customer) -> None:
    await ada.post("/", {"properties": {"enable_knocking": True, "lang": "de"}})
    room = await ada.post("/rooms", {"properties": {"lang": "en", "enable_knocking": True}})
    assert room["config"] == {"lang": "en"}
    assert await ada.get(f"/rooms/{room['name']}") == room

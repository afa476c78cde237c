"""What rooms take over from their domain, on both databases: token over room over domain."""

import asyncio

import pytest

from tests.doubles.clock import FakeClock
from vestibule.foundation.clock import unix_seconds
from vestibule.rooms.admission.model import CallState, Person, Refuse, Wait, decide
from vestibule.rooms.admission.rights import permission
from vestibule.rooms.configuration.service import ConfigurationService
from vestibule.rooms.definitions.model import Page, WantedRoom
from vestibule.rooms.definitions.service import DefinitionService
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.tokens.model import MeetingToken

pytestmark = pytest.mark.anyio

LOGO = "data:image/png;base64,iVBORw0KGgo="


async def test_a_room_inherits_what_its_domain_sets_until_it_says_something_itself(
    configurations: ConfigurationService,
    definitions: DefinitionService,
    clinic: Domain,
    practice: Domain,
) -> None:
    silent = await definitions.create(clinic.id, name="silent")
    await configurations.change(clinic.id, {"lang": "de", "enable_prejoin_ui": False})
    speaking = await definitions.create(clinic.id, name="speaking", properties={"lang": "fr"})
    other = await definitions.create(practice.id, name="other")

    async def lang(name: str) -> str:
        return str((await definitions.get(clinic.id, name)).value("lang"))

    assert (await lang("silent"), await lang("speaking")) == ("de", "fr")
    assert (silent.value("lang"), speaking.value("lang"), other.value("lang")) == ("en", "fr", "en")
    assert speaking.value("enable_prejoin_ui") is False
    by_id = await definitions.get_by_id(silent.id)
    assert by_id is not None
    assert by_id.value("lang") == "de"
    listed = (await definitions.list(clinic.id, Page()))[1]
    assert {room.name: room.value("lang") for room in listed} == {"silent": "de", "speaking": "fr"}
    changed = await definitions.update(clinic.id, "speaking", properties={"lang": None})
    assert changed.value("lang") == "de"
    await configurations.change(clinic.id, {"lang": None})
    assert await lang("speaking") == "en"


async def test_a_rooms_config_shows_what_differs_from_what_it_would_inherit(
    configurations: ConfigurationService, definitions: DefinitionService, clinic: Domain
) -> None:
    await configurations.change(clinic.id, {"enable_people_ui": False})
    said = {"enable_people_ui": True, "enable_pip_ui": False}
    (room,) = await definitions.create_all(clinic.id, [WantedRoom("ward", "public", said)])
    assert room.config == {"enable_people_ui": True}
    await definitions.update(clinic.id, "ward", properties={"enable_people_ui": False})
    assert (await definitions.get(clinic.id, "ward")).config == {}


async def test_each_right_comes_from_the_token_or_the_room_or_the_domain(
    configurations: ConfigurationService, definitions: DefinitionService, clinic: Domain
) -> None:
    rights = {"canSend": ["audio"], "canAdmin": ["participants"], "hasPresence": False}
    await configurations.change(clinic.id, {"permissions": rights})
    room = await definitions.create(clinic.id, properties={"permissions": {"canSend": ["video"]}})
    token = MeetingToken({"permissions": {"canAdmin": False}})
    assert permission(room, token, "canAdmin") is False
    assert permission(room, token, "canSend") == ["video"]
    assert permission(room, token, "hasPresence") is False
    assert permission(room, token, "canReceive") == {"base": True}


async def test_the_domains_knocking_opens_the_lobby_of_its_private_rooms(
    configurations: ConfigurationService,
    definitions: DefinitionService,
    clinic: Domain,
    clock: FakeClock,
) -> None:
    await definitions.create(clinic.id, name="ward", privacy="private")
    decisions = []
    for enabled in (None, True):
        await configurations.change(clinic.id, {"enable_knocking": enabled})
        room = await definitions.find(clinic.id, "ward")
        now = unix_seconds(clock.now())
        decisions.append(decide(room, None, CallState(), Person(), now))
    assert decisions == [Refuse("not-allowed"), Wait()]


async def test_changes_of_a_domain_made_at_once_do_not_undo_each_other(
    configurations: ConfigurationService, clinic: Domain, practice: Domain
) -> None:
    names = ["enable_pip_ui", "enable_network_ui", "enable_hand_raising", "hipaa"] * 3
    await asyncio.gather(*(configurations.change(clinic.id, {name: True}) for name in names))
    assert set(await configurations.given(clinic.id)) == set(names)
    assert await configurations.given(practice.id) == {}


async def test_branding_is_kept_with_the_domain(
    configurations: ConfigurationService, clinic: Domain, practice: Domain
) -> None:
    assert (await configurations.branding(clinic.id)).logo_url is None
    branding = {"logo_url": LOGO, "colors": {"accent": "#0055aa"}}
    await configurations.change(clinic.id, {"branding": branding, "lang": "de"})
    assert await configurations.given(clinic.id) == {"branding": branding, "lang": "de"}
    kept = await configurations.branding(clinic.id)
    assert (kept.logo_url, kept.colors.accent, kept.colors.text) == (LOGO, "#0055aa", None)
    await configurations.change(clinic.id, {"branding": None})
    assert await configurations.given(clinic.id) == {"lang": "de"}
    assert (await configurations.branding(practice.id)).logo_url is None

"""The table of properties, against the reference (5.1, 6.2)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies
from pydantic import BaseModel, ValidationError

from tests.unit.rooms.definitions.samples import ROOM, SHORT_NAMES, TOKEN
from vestibule.foundation.validation import describe_validation
from vestibule.rooms.configuration.properties import DOMAIN_PROPERTIES
from vestibule.rooms.definitions import properties
from vestibule.rooms.definitions.model import merged
from vestibule.rooms.definitions.properties import (
    ROOM_PROPERTIES,
    TOKEN_PROPERTIES,
    Property,
    RoomProperties,
    TokenProperties,
    differing,
)

TESTS = Path(__file__).parents[3]


def right_values() -> list[Any]:
    return [
        pytest.param(model, name, value, id=f"{model.__name__}-{name}-{number}")
        for model, table in ((RoomProperties, ROOM), (TokenProperties, TOKEN))
        for name, (_, right, _) in table.items()
        for number, value in enumerate(right)
    ]


def wrong_values() -> list[Any]:
    return [
        pytest.param(model, name, value, id=f"{model.__name__}-{name}-{number}")
        for model, table in ((RoomProperties, ROOM), (TokenProperties, TOKEN))
        for name, (_, _, wrong) in table.items()
        for number, value in enumerate(wrong)
    ]


def refusal(model: type[BaseModel], said: Mapping[str, Any]) -> str:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(said)
    return describe_validation(refused.value.errors()[0])


def test_every_property_of_the_reference_is_in_the_table_with_its_default() -> None:
    assert {name: entry.default for name, entry in ROOM_PROPERTIES.items()} == {
        name: default for name, (default, _, _) in ROOM.items()
    }
    assert {name: entry.default for name, entry in TOKEN_PROPERTIES.items()} == {
        name: default for name, (default, _, _) in TOKEN.items()
    }


def test_token_properties_have_the_short_names_of_the_reference() -> None:
    named = {name: entry.claim for name, entry in TOKEN_PROPERTIES.items()}
    # No short name is published for the other three, so they keep the long one.
    unpublished = {"enable_prejoin_ui", "enable_live_captions_ui", "enable_terse_logging"}
    assert named == {**SHORT_NAMES, **{name: name for name in unpublished}}


@pytest.mark.parametrize(("model", "name", "value"), right_values())
def test_a_right_value_is_accepted_and_kept(model: type[BaseModel], name: str, value: Any) -> None:
    kept = properties.given(model.model_validate({name: value}))[name]
    if name in ("exp", "nbf"):
        assert kept == int(float(value))
    elif name == "user_id":
        assert kept == str(value)
    else:
        assert kept == value


@pytest.mark.parametrize(("model", "name", "value"), wrong_values())
def test_a_wrong_value_is_refused_by_name(model: type[BaseModel], name: str, value: Any) -> None:
    assert name in refusal(model, {name: value}) or "layout." in refusal(model, {name: value})


@pytest.mark.parametrize("name", ROOM)
def test_null_puts_every_room_property_back(name: str) -> None:
    said = properties.given(RoomProperties.model_validate({name: None}))
    assert merged({name: ROOM[name][1][0]}, said) == {}


def test_a_refusal_reads_like_a_sentence_of_daily() -> None:
    assert refusal(RoomProperties, {"enable_chatt": True}) == "invalid property name 'enable_chatt'"
    assert (
        refusal(RoomProperties, {"exp": "soon"})
        == "exp was 'soon' but should be a number of seconds since the unix epoch"
    )
    assert (
        refusal(TokenProperties, {"permissions": {"canFly": True}})
        == '"permissions.canFly" is not allowed'
    )


def test_text_that_is_no_text_is_refused_in_words_that_can_be_sent() -> None:
    for said in (
        {"exp": "\ud800"},
        {"lang": "\ud800"},
        {"\ud800": 1},
        {"meeting_join_hook": "\ud800"},
    ):
        assert refusal(RoomProperties, said).encode()


def test_a_default_that_is_given_does_not_differ() -> None:
    defaults = {name: entry.default for name, entry in ROOM_PROPERTIES.items()}
    given_defaults = {name: value for name, value in defaults.items() if value is not None}
    assert differing(given_defaults, {}) == {}
    assert differing({"permissions": {"canSend": True}}, {}) == {}


@given(
    strategies.dictionaries(
        strategies.sampled_from(sorted(ROOM)), strategies.integers(0, 9), max_size=len(ROOM)
    )
)
def test_config_is_what_was_given_without_the_defaults(choice: dict[str, int]) -> None:
    said = {name: ROOM[name][1][number % len(ROOM[name][1])] for name, number in choice.items()}
    kept = properties.given(RoomProperties.model_validate(said))
    config = differing(kept, {})
    assert {name: value for name, value in kept.items() if name not in config} == {
        name: kept[name] for name in kept if kept[name] == ROOM_PROPERTIES[name].default
    }


def entries() -> list[Property]:
    tables = (ROOM_PROPERTIES, TOKEN_PROPERTIES, DOMAIN_PROPERTIES)
    return [entry for table in tables for entry in table.values()]


def test_every_property_is_shown_to_act_or_said_to_have_no_effect() -> None:
    unclear = [
        entry.name for entry in entries() if (entry.shown_by is None) == (entry.idle is None)
    ]
    assert unclear == []


def test_the_tests_that_show_properties_act_are_there() -> None:
    for shown_by in {entry.shown_by for entry in entries() if entry.shown_by}:
        file, _, test = shown_by.partition("::")
        assert f"def {test}(" in (TESTS / file).read_text(), shown_by

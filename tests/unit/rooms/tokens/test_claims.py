"""Between what a token says and the claims that carry it."""

from typing import Any

import pytest
from hypothesis import given, strategies

from tests.unit.rooms.definitions.samples import PERMISSIONS, TOKEN
from vestibule.rooms.definitions import properties
from vestibule.rooms.definitions.properties import TokenProperties
from vestibule.rooms.tokens.model import MeetingToken, Unusable, claims_of, token_of

DOMAIN = "11111111-2222-4333-8444-555555555555"


def claims(**said: Any) -> dict[str, Any]:
    return claims_of(said, domain_id=DOMAIN, issued_at=7)


def test_a_token_names_its_domain_and_when_it_was_made() -> None:
    assert claims() == {"d": DOMAIN, "iat": 7}


def test_properties_travel_under_their_short_names() -> None:
    assert claims(room_name="ward-1", is_owner=True, start_audio_off=False) == {
        "r": "ward-1",
        "o": True,
        "ao": False,
        "d": DOMAIN,
        "iat": 7,
    }


def test_permissions_travel_in_their_short_form() -> None:
    said = {
        "hasPresence": False,
        "canSend": ["video", "screenAudio"],
        "canReceive": {"base": False},
    }
    assert claims(permissions=said)["p"] == {"hp": False, "cs": "v,sa", "cr": {"b": False}}


@given(strategies.data())
def test_whatever_a_token_says_is_read_back(data: strategies.DataObject) -> None:
    names = data.draw(strategies.sets(strategies.sampled_from(sorted(TOKEN))))
    said = {name: data.draw(strategies.sampled_from(TOKEN[name][1])) for name in sorted(names)}
    kept = properties.given(TokenProperties.model_validate(said))
    assert token_of(claims(**kept)) == MeetingToken(kept)


@pytest.mark.parametrize(
    ("claim", "means"),
    [
        ({"cs": "v,a"}, {"canSend": ["video", "audio"]}),
        ({"cs": True}, {"canSend": True}),
        ({"cs": ""}, {"canSend": []}),
        ({"cs": ["video"]}, {"canSend": ["video"]}),
        ({"ca": True}, {"canAdmin": True}),
        ({"ca": "participants,streaming"}, {"canAdmin": ["participants", "streaming"]}),
        ({"hp": False, "cr": {"b": False}}, {"hasPresence": False, "canReceive": {"base": False}}),
        (PERMISSIONS, PERMISSIONS),
    ],
)
def test_self_signed_permissions_may_be_short_or_long(
    claim: dict[str, Any], means: dict[str, Any]
) -> None:
    assert token_of({"p": claim}) == MeetingToken({"permissions": means})


def test_claims_of_other_systems_are_passed_over() -> None:
    assert token_of({"r": "ward-1", "jti": "x", "aud": "them"}) == MeetingToken(
        {"room_name": "ward-1"}
    )


@pytest.mark.parametrize(
    "claim",
    [
        {"o": "true"},
        {"o": 1},
        {"r": ["ward-1"]},
        {"exp": "never"},
        {"k": 0},
        {"p": "all"},
        {"p": {"cs": "v,smell"}},
        {"p": {"fly": True}},
        {"ud": "x" * 37},
        {"eje": -1},
    ],
)
def test_a_claim_of_the_wrong_kind_makes_a_token_unusable(claim: dict[str, Any]) -> None:
    said = token_of(claim)
    assert isinstance(said, Unusable)
    assert f"'{next(iter(claim))}'" in said.reason


def test_what_a_token_does_not_say_is_not_made_up() -> None:
    silent = MeetingToken({})
    assert (silent.room_name, silent.exp, silent.nbf, silent.user_id) == (None, None, None, None)
    assert (silent.is_owner, silent.knocking, silent.value("start_video_off")) == (
        False,
        False,
        None,
    )

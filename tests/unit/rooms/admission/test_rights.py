"""When a stay ends (reference 4.2), and who may let others in (4.7, 6.3)."""

from typing import Any

import pytest

from tests.unit.rooms.admission.test_admission import room, token
from vestibule.rooms.admission.model import eject_at
from vestibule.rooms.admission.rights import changed, in_short, permission, rights_of

JOINED = 1_800_000_000
EXP = JOINED + 600
TOKEN_EXP = JOINED + 300

STAYS: list[tuple[str, dict[str, Any], dict[str, Any] | None, int | None]] = [
    ("no limit", {}, None, None),
    ("room exp alone ends nothing", {"exp": EXP}, None, None),
    ("token exp alone ends nothing", {}, {"exp": TOKEN_EXP}, None),
    ("room exp", {"exp": EXP, "eject_at_room_exp": True}, None, EXP),
    ("room exp, with a plain token", {"exp": EXP, "eject_at_room_exp": True}, {}, EXP),
    ("room exp without exp", {"eject_at_room_exp": True}, None, None),
    ("room seconds", {"eject_after_elapsed": 60}, None, JOINED + 60),
    (
        "the earlier of the room's two: exp",
        {"exp": EXP, "eject_at_room_exp": True, "eject_after_elapsed": 900},
        None,
        EXP,
    ),
    (
        "the earlier of the room's two: seconds",
        {"exp": EXP, "eject_at_room_exp": True, "eject_after_elapsed": 60},
        None,
        JOINED + 60,
    ),
    ("token exp", {}, {"exp": TOKEN_EXP, "eject_at_token_exp": True}, TOKEN_EXP),
    ("token seconds", {}, {"eject_after_elapsed": 30}, JOINED + 30),
    (
        "the earlier of the token's two",
        {},
        {"exp": TOKEN_EXP, "eject_at_token_exp": True, "eject_after_elapsed": 30},
        JOINED + 30,
    ),
    (
        "the token's limit sets the room's exp aside",
        {"exp": JOINED + 10, "eject_at_room_exp": True},
        {"eject_after_elapsed": 30},
        JOINED + 30,
    ),
    (
        "the token's limit sets the room's seconds aside",
        {"eject_after_elapsed": 10},
        {"exp": TOKEN_EXP, "eject_at_token_exp": True},
        TOKEN_EXP,
    ),
    (
        "a token's limit without exp sets the room's aside too",
        {"eject_after_elapsed": 10},
        {"eject_at_token_exp": True},
        None,
    ),
    (
        "a token's limit that is off does not",
        {"eject_after_elapsed": 10},
        {"exp": TOKEN_EXP, "eject_at_token_exp": False},
        JOINED + 10,
    ),
]


@pytest.mark.parametrize(
    ("of_room", "of_token", "ends"),
    [row[1:] for row in STAYS],
    ids=[row[0] for row in STAYS],
)
def test_a_stay_ends_as_the_reference_says(
    of_room: dict[str, Any], of_token: dict[str, Any] | None, ends: int | None
) -> None:
    holder = None if of_token is None else token(**of_token)
    assert eject_at(room(**of_room), holder, JOINED + 0.7) == ends


RIGHTS: list[tuple[str, dict[str, Any], dict[str, Any] | None, tuple[bool, bool]]] = [
    ("a stranger", {}, None, (False, False)),
    ("a guest", {}, {}, (False, False)),
    ("an owner", {}, {"is_owner": True}, (True, True)),
    ("a guest who administers all", {}, {"permissions": {"canAdmin": True}}, (False, True)),
    (
        "a guest who administers participants",
        {},
        {"permissions": {"canAdmin": ["participants"]}},
        (False, True),
    ),
    (
        "a guest who administers transcription",
        {},
        {"permissions": {"canAdmin": ["transcription"]}},
        (False, False),
    ),
    (
        "a room where all administer",
        {"permissions": {"canAdmin": True}},
        None,
        (False, True),
    ),
    (
        "a token that takes it back",
        {"permissions": {"canAdmin": True}},
        {"permissions": {"canAdmin": False}},
        (False, False),
    ),
    (
        "a token that says nothing of it",
        {"permissions": {"canAdmin": True}},
        {"permissions": {"canSend": False}},
        (False, True),
    ),
    (
        "an owner is bound by no permissions",
        {"permissions": {"canAdmin": False}},
        {"is_owner": True, "permissions": {"canAdmin": False}},
        (True, True),
    ),
]


@pytest.mark.parametrize(
    ("of_room", "of_token", "rights"),
    [row[1:] for row in RIGHTS],
    ids=[row[0] for row in RIGHTS],
)
def test_who_may_let_others_in(
    of_room: dict[str, Any], of_token: dict[str, Any] | None, rights: tuple[bool, bool]
) -> None:
    holder = None if of_token is None else token(**of_token)
    may = rights_of(room(**of_room), holder)
    assert (may.is_owner, may.administers_people) == rights


def test_each_permission_comes_from_the_token_then_the_room_then_the_default() -> None:
    here = room(permissions={"canSend": ["audio"], "canAdmin": ["streaming"]})
    holder = token(permissions={"canAdmin": False})
    assert permission(here, holder, "canAdmin") is False
    assert permission(here, holder, "canSend") == ["audio"]
    assert permission(here, holder, "hasPresence") is True


def test_all_and_nothing_are_said_shortly() -> None:
    some = {"canSend": ["video", "audio"], "canAdmin": ["streaming"]}
    assert in_short(rights_of(room(), None)) == {
        "hasPresence": True,
        "canSend": True,
        "canReceive": {"base": True},
        "canAdmin": False,
    }
    assert in_short(rights_of(room(), token(permissions=some))) == {
        "hasPresence": True,
        "canReceive": {"base": True},
        **some,
    }


ALL = ("video", "audio", "screenVideo", "screenAudio", "customVideo", "customAudio")
WITHOUT_SCREEN = ("video", "audio", "customVideo", "customAudio")
SILENT = {"permissions": {"canSend": False}}
SENDS: list[tuple[str, dict[str, Any], dict[str, Any] | None, tuple[str, ...]]] = [
    ("everything by default", {}, None, ALL),
    ("nothing", SILENT, None, ()),
    ("some", {"permissions": {"canSend": ["audio", "video"]}}, None, ("video", "audio")),
    ("the token first", SILENT, {"permissions": {"canSend": True}}, ALL),
    ("the room binds no owner", SILENT, {"is_owner": True}, ALL),
    ("a token binds an owner", {}, {"is_owner": True, **SILENT}, ()),
    ("only owners broadcast", {"owner_only_broadcast": True}, {}, ()),
    ("owners broadcast", {"owner_only_broadcast": True}, {"is_owner": True}, ALL),
    (
        "a token lets a guest broadcast",
        {"owner_only_broadcast": True},
        {"permissions": {"canSend": ["audio"]}},
        ("audio",),
    ),
    ("no sharing", {"enable_screenshare": False}, {"is_owner": True}, WITHOUT_SCREEN),
    ("no sharing, by token", {}, {"enable_screenshare": False}, WITHOUT_SCREEN),
    ("sharing by token", {"enable_screenshare": False}, {"enable_screenshare": True}, ALL),
]


@pytest.mark.parametrize(
    ("of_room", "of_token", "kinds"), [row[1:] for row in SENDS], ids=[row[0] for row in SENDS]
)
def test_who_may_send_what(
    of_room: dict[str, Any], of_token: dict[str, Any] | None, kinds: tuple[str, ...]
) -> None:
    holder = None if of_token is None else token(**of_token)
    assert rights_of(room(**of_room), holder).can_send == kinds


@pytest.mark.parametrize(
    ("of_room", "of_token", "is_seen"),
    [
        ({}, {}, True),
        ({"enable_hidden_participants": True}, {}, False),
        ({"enable_hidden_participants": True}, {"is_owner": True}, True),
        ({"enable_hidden_participants": True}, {"permissions": {"hasPresence": True}}, True),
        ({"permissions": {"hasPresence": False}}, {}, False),
        ({}, {"permissions": {"hasPresence": False}}, False),
        ({}, {"is_owner": True, "permissions": {"hasPresence": False}}, False),
    ],
)
def test_who_is_seen(of_room: dict[str, Any], of_token: dict[str, Any], is_seen: bool) -> None:
    rights = rights_of(room(**of_room), token(**of_token))
    assert (rights.has_presence, rights.may_send("audio")) == (is_seen, is_seen)


def test_a_change_replaces_what_is_given_and_never_gives_back_the_screen() -> None:
    rights = rights_of(room(enable_screenshare=False), token())

    after = changed(
        rights, can_send=True, can_receive={"byUserId": {"b": False}}, can_admin=["streaming"]
    )

    assert after.can_send == WITHOUT_SCREEN
    assert after.can_receive == {"base": True, "byUserId": {"b": False}}
    assert (after.can_admin, after.has_presence) == (("streaming",), True)
    assert changed(after, can_receive={"base": False}).can_receive["byUserId"] == {"b": False}
    assert not changed(after, has_presence=False).may_send("audio")

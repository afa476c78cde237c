"""What the routes of running calls take and answer (reference 5.10, 7.1)."""
# ruff: noqa: N815 - the keys are Daily's own

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from vestibule.foundation.clock import from_unix
from vestibule.rooms.calls.from_browser import MAX_APP_MESSAGE_LENGTH, MAX_SESSION_DATA_LENGTH
from vestibule.rooms.calls.people import Participant
from vestibule.rooms.calls.powers import length_of
from vestibule.rooms.calls.views import PermissionsChange
from vestibule.rooms.definitions.kinds import CanAdmin, CanSend, Flag, Text, sentence
from vestibule.rooms.definitions.schemas import whole_second
from vestibule.rooms.definitions.shapes import CanReceive
from vestibule.rooms.live_actions.service import Presence

MOST_TARGETS = 100
EVERYBODY = "*"


def at_most(characters: int) -> AfterValidator:
    """Refuses what is longer as JSON."""

    def check(value: dict[str, Any]) -> dict[str, Any]:
        if length_of(value) > characters:
            raise sentence(f"data can have at most {characters} characters as JSON")
        return value

    return AfterValidator(check)


class Request(BaseModel):
    """A body with exactly these keys."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class EjectRequest(Request):
    """Whom to send out."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"user_ids": ["patient-7"]}]})

    ids: Annotated[list[Text], Field(max_length=MOST_TARGETS)] = []
    """Session ids."""
    user_ids: Annotated[list[Text], Field(max_length=MOST_TARGETS)] = []
    """As in meeting tokens."""
    ban: Flag = False
    """Keep the `user_ids` out for as long as the room is there."""

    @model_validator(mode="after")
    def somebody(self) -> Self:
        if not self.ids and not self.user_ids:
            raise sentence("give ids or user_ids, with at least one entry")
        return self


class EjectAnswer(BaseModel):
    """Who was there, and is not any more."""

    ejectedIds: list[str]


class AppMessageRequest(Request):
    """Something for the pages of those in the call."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"data": {"step": "consent"}, "recipient": EVERYBODY}]}
    )

    data: Annotated[dict[str, Any], at_most(MAX_APP_MESSAGE_LENGTH)]
    """What the pages get as `data` of their `app-message` event; at most 4,096 characters."""
    recipient: Text = EVERYBODY
    """A session id, or `*` for everybody."""


class SentAnswer(BaseModel):
    """It is on its way. A string, as Daily writes it."""

    sent: str = "true"


class SessionDataRequest(Request):
    """A change of what everybody in the call knows together."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"data": {"step": 3}, "mergeStrategy": "shallow-merge"}]}
    )

    data: Annotated[dict[str, Any], at_most(MAX_SESSION_DATA_LENGTH)] = {}
    """What is to be known."""
    mergeStrategy: Literal["replace", "shallow-merge"] = "replace"
    """Whether `data` takes the place of all that is known, or of its own keys only."""
    keysToDelete: list[Text] = []
    """What is not to be known any more; with `shallow-merge` only."""

    @model_validator(mode="after")
    def keys_go_with_merging(self) -> Self:
        if self.keysToDelete and self.mergeStrategy == "replace":
            raise sentence("keysToDelete goes with the mergeStrategy 'shallow-merge' only")
        return self


class SessionDataAnswer(BaseModel):
    """What everybody in the call knows together."""

    data: dict[str, Any]


class PermissionsOfOne(Request):
    """What to change about somebody's permissions; what is not given stays."""

    hasPresence: Flag | None = None
    """Whether the others see them."""
    canSend: CanSend | None = None
    """What they may send: all, nothing, or these kinds."""
    canReceive: CanReceive | None = None
    """Whose media they get, by session id or user id."""
    canAdmin: CanAdmin | None = None
    """What they may do as hosts do: all, nothing, or these."""

    @property
    def change(self) -> PermissionsChange:
        return PermissionsChange(
            has_presence=self.hasPresence,
            can_send=self.canSend,
            can_receive=self.canReceive,
            can_admin=self.canAdmin,
        )


class PermissionsRequest(Request):
    """Changes by session id; those of `*` are for everybody who is not named."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"data": {EVERYBODY: {"canSend": ["audio"]}}}]}
    )

    data: Annotated[dict[Text, PermissionsOfOne], Field(max_length=MOST_TARGETS)]
    """By session id; `*` is everybody who is not named."""


class StatusAnswer(BaseModel):
    """It is on its way."""

    status: str = "sent"


class PresenceView(BaseModel):
    """Somebody in a call."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    room: str
    """The room's name."""
    id: str
    """The session id, which `eject` and `update-permissions` take."""
    userId: str | None
    """As in the meeting token."""
    userName: str | None
    """As they are called in the call."""
    mtgSessionId: str | None
    """The meeting session, once there is one (`/v1/meetings`)."""
    joinTime: Annotated[str, Field(examples=["2026-11-21T10:30:00.000Z"])]
    """When they came in, in UTC."""
    duration: int
    """Seconds since then."""

    @classmethod
    def of(cls, presence: Presence, participant: Participant, now: float) -> Self:
        return cls(
            room=presence.room_name,
            mtgSessionId=presence.meeting_id,
            id=participant.guest.session_id,
            userId=participant.guest.shown_user_id,
            userName=participant.guest.user_name or None,
            joinTime=whole_second(from_unix(participant.since)),
            duration=max(0, int(now - participant.since)),
        )


class PresenceAnswer(BaseModel):
    """Who is in one call. `total_count` counts all that match, whatever the limit."""

    total_count: int
    data: list[PresenceView]

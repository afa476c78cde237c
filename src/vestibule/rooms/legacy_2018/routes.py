"""The 2018 team API over HTTP. Its failures leave through `always_ok`."""

from typing import Annotated

from fastapi import Depends, Request

from vestibule.foundation.errors import Forbidden
from vestibule.foundation.routing import Routes
from vestibule.rooms.definitions.model import Room
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.routes import ApiKey
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.legacy_2018.model import moment_of
from vestibule.rooms.legacy_2018.schemas import (
    DeletedAnswer,
    FailureAnswer,
    MeetingAnswer,
    MeetingsAnswer,
    MeetingsRequest,
    PrivacyRequest,
    RoomAnswer,
    RoomRequest,
    TeamAnswer,
    UpdatedAnswer,
    UserAnswer,
)
from vestibule.rooms.legacy_2018.service import TeamApiService


class NotYourTeam(Forbidden):
    """The key speaks for another team, or there is no such team."""


class TeamKey(ApiKey):
    """What a route depends on so that only the team in its path may call it."""

    async def __call__(self, request: Request, team: str) -> Domain:  # type: ignore[override]
        domain = await super().__call__(request)
        if domain.name != team:
            raise NotYourTeam(f"this key does not speak for a team named {team[:63]}")
        return domain


def routes(team_api: TeamApiService, domains: DomainService) -> Routes:
    """`/domains/by-name/{team}`."""
    router = Routes(
        prefix="/domains/by-name",
        tags=["team API of 2018"],
        strict_content_type=False,  # the document's own curl commands send JSON in many ways
    )

    Caller = Annotated[Domain, Depends(TeamKey(domains))]  # noqa: N806 - a type

    def shown(domain: Domain, room: Room, pin: str) -> RoomAnswer:
        url = domains.room_url(domain, room.name)
        return RoomAnswer(name=room.name, dialInPIN=pin, privacy=room.privacy, url=url)

    @router.get("/{team}", response_model_exclude_none=True)
    async def read_team(domain: Caller) -> TeamAnswer | FailureAnswer:
        """Invite link, rooms and people of the team."""
        found = await team_api.overview(domain.id, domains.team_of(domain))
        return TeamAnswer(
            name=domain.name,
            teamInviteLink=found.invite_link,
            rooms=[shown(domain, room, found.pins[room.id]) for room in found.rooms_with_pins],
            users={member.user.email: UserAnswer.of(member) for member in found.members},
        )

    @router.post("/{team}/room")
    async def create_room(domain: Caller, body: RoomRequest) -> RoomAnswer | FailureAnswer:
        """Make a room."""
        room, pin = await team_api.create_room(
            domain.id, domains.team_of(domain), name=body.name, privacy=body.privacy
        )
        return shown(domain, room, pin)

    @router.post("/{team}/room/{room}")
    async def change_privacy(
        domain: Caller, room: str, body: PrivacyRequest
    ) -> UpdatedAnswer | FailureAnswer:
        """Say who enters a room; those inside stay."""
        await team_api.change_privacy(domain.id, room, body.privacy)
        return UpdatedAnswer()

    @router.delete("/{team}/room/{room}")
    async def delete_room(domain: Caller, room: str) -> DeletedAnswer | FailureAnswer:
        """Remove a room and send everybody out."""
        await team_api.delete_room(domain.id, room)
        return DeletedAnswer()

    @router.delete("/{team}/user/{email}")
    async def remove_user(domain: Caller, email: str) -> DeletedAnswer | FailureAnswer:
        """Take a person out of the team, and end the team's invite link."""
        await team_api.remove_user(domains.team_of(domain), email)
        return DeletedAnswer()

    @router.post("/{team}/meetings")
    async def list_meetings(
        domain: Caller, body: MeetingsRequest
    ) -> MeetingsAnswer | FailureAnswer:
        """The meetings that happened in a time range, and who was there."""
        found = await team_api.meetings(
            domain.id,
            start=moment_of("start", body.start),
            end=moment_of("end", body.end),
            room=body.room,
        )
        meetings = MeetingAnswer.of(domain.name, found)
        return MeetingsAnswer(meetings=meetings, moreResults=found.has_more)

    return router

"""The console's questions about a domain, for the owners of its team."""

from typing import Annotated

from fastapi import Depends, Path

from vestibule.accounts.sessions.cookie import SessionCookie
from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.teams.service import TeamService
from vestibule.accounts.users.model import Role, User
from vestibule.foundation.routing import Routes
from vestibule.rooms.administration.owner import OfDomain, owner_of, signed_in
from vestibule.rooms.administration.schemas import (
    DomainsAnswer,
    Done,
    InvitationRow,
    KeyAnswer,
    KeyRow,
    KeysAnswer,
    MemberRow,
    NewKey,
    RoleChoice,
    RoleName,
    SettingsAnswer,
    SettingsChanges,
    TeamAnswer,
    domain_row,
)
from vestibule.rooms.administration.service import AdministrationService
from vestibule.rooms.administration.webhook_routes import webhook_routes
from vestibule.rooms.deliveries.service import DeliveryService
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.service import DomainService
from vestibule.rooms.webhooks.service import WebhookService

ShortId = Annotated[str, Path(max_length=36)]


def routes(
    *,
    administration: AdministrationService,
    domains: DomainService,
    teams: TeamService,
    webhooks: WebhookService,
    deliveries: DeliveryService,
    sessions: SessionService,
) -> Routes:
    """`/console/api/domains`."""
    cookie = SessionCookie(sessions)
    router = Routes(prefix="/console/api/domains", tags=["console"], include_in_schema=False)
    Person = Annotated[User, Depends(signed_in(cookie))]  # noqa: N806 - a type

    @router.get("")
    async def list_domains(person: Person) -> DomainsAnswer:
        """The domains whose teams the signed-in person owns."""
        owned = await administration.owned(person)
        return DomainsAnswer(
            domains=[domain_row(each, domains.team_of(each).address) for each in owned]
        )

    of_domain = owner_of(cookie, administration)
    for part in (
        key_routes(of_domain, domains),
        team_routes(of_domain, domains, teams),
        settings_routes(of_domain, administration),
        webhook_routes(of_domain, webhooks, deliveries),
    ):
        router.include_router(part, prefix="/{domain_id}")
    return router


def key_routes(of_domain: OfDomain, domains: DomainService) -> Routes:
    """API keys: made, shown once, rotated, revoked."""
    router = Routes(prefix="/keys")
    Owned = Annotated[Domain, Depends(of_domain)]  # noqa: N806 - a type

    @router.get("")
    async def list_keys(domain: Owned) -> KeysAnswer:
        """Every key, revoked ones too; never the keys themselves."""
        return KeysAnswer(keys=[KeyRow.of(each) for each in await domains.api_keys(domain.id)])

    @router.post("")
    async def create_key(domain: Owned, body: NewKey) -> KeyAnswer:
        """Make a key."""
        return KeyAnswer(key=await domains.create_key(domain.id, body.label))

    @router.post("/{key_id}/rotate")
    async def rotate_key(domain: Owned, key_id: ShortId) -> KeyAnswer:
        """Make a successor of a key, which works until it is revoked."""
        return KeyAnswer(key=await domains.rotate_key(domain.id, key_id))

    @router.post("/{key_id}/revoke")
    async def revoke_key(domain: Owned, key_id: ShortId) -> Done:
        """End a key, and the meeting tokens that were signed with it."""
        await domains.revoke_key(domain.id, key_id)
        return Done()

    return router


def team_routes(of_domain: OfDomain, domains: DomainService, teams: TeamService) -> Routes:
    """The people of the team, and the links into it."""
    router = Routes(prefix="/team")
    Owned = Annotated[Domain, Depends(of_domain)]  # noqa: N806 - a type

    @router.get("")
    async def read_team(domain: Owned) -> TeamAnswer:
        """Everybody in the team, and the links that work."""
        links = await teams.standing_links(domains.team_of(domain))
        return TeamAnswer(
            members=[MemberRow.of(each) for each in await teams.members(domain.scope)],
            invitations=[InvitationRow.of(each) for each in links],
        )

    @router.post("/invitations")
    async def invite(domain: Owned, body: RoleChoice) -> InvitationRow:
        """The link to a role: the same one until it is revoked."""
        link = await teams.invite_link(domains.team_of(domain), Role(body.role))
        return InvitationRow(role=body.role, link=link)

    @router.delete("/invitations/{role}")
    async def revoke_invitation(domain: Owned, role: RoleName) -> Done:
        """Make the link to a role worthless."""
        await teams.revoke_link(domain.scope, Role(role))
        return Done()

    @router.put("/members/{user_id}")
    async def change_role(domain: Owned, user_id: ShortId, body: RoleChoice) -> Done:
        """Give a member another role."""
        await teams.change_role(domain.scope, user_id, body.role)
        return Done()

    @router.delete("/members/{user_id}")
    async def dismiss(domain: Owned, user_id: ShortId) -> Done:
        """Take a member out of the team, and end the links into it."""
        await teams.dismiss(domain.scope, user_id)
        return Done()

    return router


def settings_routes(of_domain: OfDomain, administration: AdministrationService) -> Routes:
    """Token policy, branding and embedding."""
    router = Routes(prefix="/settings")
    Owned = Annotated[Domain, Depends(of_domain)]  # noqa: N806 - a type

    @router.get("")
    async def read_settings(domain: Owned) -> SettingsAnswer:
        """What is set for the domain."""
        return SettingsAnswer.of(await administration.settings(domain))

    @router.patch("")
    async def change_settings(domain: Owned, body: SettingsChanges) -> SettingsAnswer:
        """Change what is given; it holds for people who join from now on."""
        changed = await administration.change_settings(
            domain, body.properties, embed_origins=body.embed_origins
        )
        return SettingsAnswer.of(changed)

    return router

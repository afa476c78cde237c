"""Teams: invite links, joining by them, and leaving (requirements C5, C8)."""

import asyncio

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from vestibule.accounts.schema import users as users_table
from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.teams.model import Team
from vestibule.accounts.teams.routes import routes
from vestibule.accounts.teams.service import InvitationNotFound, NotInTeam, TeamService
from vestibule.accounts.users.model import Role, User
from vestibule.accounts.users.service import EmailTaken, UserService
from vestibule.foundation.database import Database
from vestibule.foundation.encryption import KEY_BYTES, Keyring
from vestibule.foundation.errors import Invalid
from vestibule.foundation.http import install_error_answers
from vestibule.foundation.ids import SystemIds

ADDRESS = "https://video.clinic.example"
CLINIC = Team("domain:clinic", "clinic", ADDRESS)
PRACTICE = Team("domain:practice", "practice", "https://practice.video.clinic.example")
PASSWORD = "correct horse battery"
ADA = "ada@clinic.example"


async def find_team(scope: str) -> Team | None:
    return next((team for team in (CLINIC, PRACTICE) if team.scope == scope), None)


@pytest.fixture
def teams(database: Database, users: UserService) -> TeamService:
    keyring = Keyring({"k1": bytes(KEY_BYTES)}, active="k1")
    return TeamService(
        database=database, keyring=keyring, ids=SystemIds(), users=users, find_team=find_team
    )


@pytest.fixture
async def ada(users: UserService) -> User:
    return await users.create(ADA, "Dr. Ada", PASSWORD)


async def token_of(teams: TeamService, team: Team = CLINIC, role: Role = Role.MEMBER) -> str:
    link = await teams.invite_link(team, role)
    before, _, token = link.partition("/?tk=")
    assert before == team.address
    return token


async def roles_in(teams: TeamService, team: Team = CLINIC) -> dict[str, Role]:
    return {member.user.email: member.role for member in await teams.members(team.scope)}


async def test_the_link_of_a_team_stays_the_same_until_it_is_revoked(teams: TeamService) -> None:
    asked_at_once = await asyncio.gather(*(teams.invite_link(CLINIC) for _ in range(4)))
    assert len(set(asked_at_once)) == 1
    assert await teams.invite_link(CLINIC) == asked_at_once[0]
    assert await teams.invite_link(PRACTICE) != asked_at_once[0]

    assert await teams.revoke_links(CLINIC.scope) == 1

    assert await teams.invite_link(CLINIC) != asked_at_once[0]
    with pytest.raises(InvitationNotFound):
        await teams.look(asked_at_once[0].partition("tk=")[2])


async def test_the_database_does_not_hold_the_link_in_the_open(
    teams: TeamService, database: Database
) -> None:
    token = await token_of(teams)
    rows = await database.read(
        lambda tx: [list(row) for row in tx.run(select(users_table.metadata.tables["invitations"]))]
    )
    assert len(rows) == 1
    assert token not in str(rows)


async def test_a_user_joins_by_the_link_once(teams: TeamService, ada: User) -> None:
    token = await token_of(teams)
    assert (await teams.look(token)).team == CLINIC
    for _ in range(2):
        assert await teams.accept(token, ada) == CLINIC
    assert await roles_in(teams) == {ADA: Role.MEMBER}
    assert await roles_in(teams, PRACTICE) == {}


async def test_an_owner_stays_one_and_a_member_becomes_one_by_an_owner_s_link(
    teams: TeamService, ada: User
) -> None:
    member, owner = await token_of(teams), await token_of(teams, role=Role.OWNER)
    await teams.accept(member, ada)
    await teams.accept(owner, ada)
    assert await roles_in(teams) == {ADA: Role.OWNER}
    await teams.accept(member, ada)
    assert await roles_in(teams) == {ADA: Role.OWNER}


async def test_an_account_is_made_together_with_its_place_in_the_team_or_not_at_all(
    teams: TeamService, database: Database
) -> None:
    token = await token_of(teams)
    new = {"email": "Ben@Clinic.example", "name": "Ben", "password": PASSWORD}
    await teams.sign_up(token, **new)
    assert await roles_in(teams) == {"ben@clinic.example": Role.MEMBER}

    with pytest.raises(EmailTaken):
        await teams.sign_up(token, **new)
    with pytest.raises(Invalid):
        await teams.sign_up(token, email="cleo@clinic.example", name="Cleo", password="short")
    await teams.revoke_links(CLINIC.scope)
    with pytest.raises(InvitationNotFound):
        await teams.sign_up(token, email="cleo@clinic.example", name="Cleo", password=PASSWORD)
    count = select(func.count()).select_from(users_table)
    assert await database.read(lambda tx: tx.run(count).scalar_one()) == 1


async def test_whoever_is_removed_cannot_come_back_by_the_old_link(
    teams: TeamService, ada: User
) -> None:
    token = await token_of(teams)
    await teams.accept(token, ada)

    await teams.remove(CLINIC.scope, "ADA@clinic.example")

    assert await roles_in(teams) == {}
    with pytest.raises(InvitationNotFound):
        await teams.accept(token, ada)
    with pytest.raises(NotInTeam, match=r"ada@clinic\.example"):
        await teams.remove(CLINIC.scope, ADA)


async def test_whoever_is_removed_from_one_team_stays_in_the_other(
    teams: TeamService, ada: User
) -> None:
    for team in (CLINIC, PRACTICE):
        await teams.accept(await token_of(teams, team), ada)
    await teams.remove(CLINIC.scope, ADA)
    assert await roles_in(teams, PRACTICE) == {ADA: Role.MEMBER}


async def test_the_page_joins_only_for_pages_of_our_own(
    teams: TeamService, sessions: SessionService, ada: User
) -> None:
    app = FastAPI()
    install_error_answers(app)
    app.include_router(routes(teams, sessions))
    body = {"tk": await token_of(teams)}
    session, _ = await sessions.sign_in(ADA, PASSWORD)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url=ADDRESS
    ) as http:
        path = "/console/api/invitations/"
        stranger = await http.post(path + "accept", json=body, headers={"Origin": ADDRESS})
        assert stranger.status_code == 401
        http.cookies.set("vestibule_session", session)
        foreign = {"Origin": "https://elsewhere.example"}
        for action in ("look", "accept"):
            answer = await http.post(path + action, json=body, headers=foreign)
            assert (answer.status_code, await roles_in(teams)) == (403, {})
        answer = await http.post(path + "accept", json=body, headers={"Origin": ADDRESS})
        assert (answer.status_code, answer.json()) == (200, {"team": "clinic"})
        wrong = await http.post(path + "look", json={"tk": "x"}, headers={"Origin": ADDRESS})
        assert wrong.status_code == 404
    assert await roles_in(teams) == {ADA: Role.MEMBER}


async def test_a_picture_of_a_user_is_an_https_address(users: UserService, ada: User) -> None:
    picture = "https://pictures.example/ada.png"
    assert (await users.set_avatar(ADA, picture)).avatar_src == picture
    assert (await users.find_by_email(ADA)).avatar_src == picture
    for wrong in ("javascript:alert(1)", "http://pictures.example/ada.png", "https://", "x"):
        with pytest.raises(Invalid):
            await users.set_avatar(ADA, wrong)
    await users.set_avatar(ADA, None)
    assert (await users.find_by_email(ADA)).avatar_src is None


async def test_a_role_of_an_organization_is_none_of_a_team(users: UserService, ada: User) -> None:
    await users.grant(ada.id, CLINIC.scope, "owner")
    with pytest.raises(Invalid, match="'staff'"):
        await users.grant(ada.id, CLINIC.scope, "staff")

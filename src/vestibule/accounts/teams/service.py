"""Teams: invited by link, listed, and left (requirements C1, C5, C8)."""

from collections.abc import Awaitable, Callable

from vestibule.accounts.teams import store
from vestibule.accounts.teams.model import (
    TOKEN_BYTES,
    Invitation,
    Invited,
    Member,
    StandingLink,
    Team,
    keeps_an_owner,
    link,
)
from vestibule.accounts.users.model import Role, User, clean_email, role_in
from vestibule.accounts.users.service import NoSuchUser, UserService, get_user
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.errors import Conflict, NotFound
from vestibule.foundation.ids import Ids
from vestibule.foundation.signature import secret_hash

FindTeam = Callable[[str], Awaitable[Team | None]]


class InvitationNotFound(NotFound):
    """Nobody is invited by this link, or not any more."""

    def __init__(self) -> None:
        super().__init__("this invitation is not valid any more; ask for a new link")


class NotInTeam(NotFound):
    """The team has no such member."""


class LastOwner(Conflict):
    """Without this owner nobody could look after the team."""

    def __init__(self) -> None:
        super().__init__("the team's last owner must stay one; make somebody else an owner first")


class TeamService:
    """The use cases of teams. `find_team` knows the place that a scope names."""

    def __init__(
        self,
        *,
        database: Database,
        keyring: Keyring,
        ids: Ids,
        users: UserService,
        find_team: FindTeam,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._ids = ids
        self._users = users
        self._find_team = find_team

    async def invite_link(self, team: Team, role: Role = Role.MEMBER) -> str:
        """The link that invites to this role in the team: the same one until it is revoked."""
        found = await self._database.read(lambda tx: store.standing(tx, team.scope, role))
        return self._link(team, found or await self._invite(team.scope, role))

    async def standing_links(self, team: Team) -> list[StandingLink]:
        """The links into the team that work now, by their roles."""
        found = await self._database.read(lambda tx: store.all_standing(tx, team.scope))
        return [StandingLink(each.role, self._link(team, each)) for each in found]

    async def revoke_link(self, scope: str, role: Role) -> None:
        """Make the link to one role worthless; InvitationNotFound if there is none."""
        if not await self._database.write(lambda tx: store.delete_invitation(tx, scope, role)):
            raise InvitationNotFound

    async def revoke_links(self, scope: str) -> int:
        """Make every link into the team worthless, and say how many there were."""
        return await self._database.write(lambda tx: store.delete_invitations(tx, scope))

    async def look(self, token: str) -> Invited:
        """What a link invites to; InvitationNotFound if to nothing any more."""
        invitation = await self._database.read(lambda tx: _invitation(tx, token))
        return Invited(await self._team(invitation), invitation.role)

    async def accept(self, token: str, user: User) -> Team:
        """Make the user a member of the team; whoever is more there already stays so."""

        def join(tx: Transaction) -> Invitation:
            if get_user(tx, user.id) is None:
                raise NoSuchUser("this user was deleted meanwhile")
            return _join(tx, token, user)

        return await self._team(await self._database.write(join))

    async def sign_up(self, token: str, *, email: str, name: str, password: str) -> User:
        """Make a user who is a member of the team from the start; both or nothing."""
        await self.look(token)  # nobody without an invitation makes us hash a password

        def join(tx: Transaction, user: User) -> None:
            _join(tx, token, user)

        return await self._users.create(email, name, password, also=join)

    async def members(self, scope: str) -> list[Member]:
        """Everybody in the team, by e-mail address."""
        return await self._database.read(lambda tx: store.members_of(tx, scope))

    async def remove(self, scope: str, email: str) -> None:
        """Take somebody out of the team, by e-mail address; NotInTeam, or LastOwner.

        The links into the team end with that: the person may know them.
        """
        cleaned = clean_email(email)
        members = await self.members(scope)
        found = next((each for each in members if each.user.email == cleaned), None)
        if found is None:
            raise NotInTeam(f"nobody in the team has the e-mail address {cleaned}")
        await self.dismiss(scope, found.user.id)

    async def change_role(self, scope: str, user_id: str, role: str) -> None:
        """Give a member another role; NotInTeam, or LastOwner if nobody else is an owner."""
        new = role_in(scope, role)

        def change(tx: Transaction) -> None:
            _check_may_lose(tx, scope, user_id, stays_owner=new is Role.OWNER)
            store.set_role(tx, scope, user_id, new)

        await self._database.write(change)

    async def dismiss(self, scope: str, user_id: str) -> None:
        """Take a member out of the team, as an owner does; NotInTeam, or LastOwner.

        The links into the team end with that: the person may know them.
        """

        def take_out(tx: Transaction) -> None:
            member = _check_may_lose(tx, scope, user_id, stays_owner=False)
            store.remove_member(tx, scope, member.user.email)
            store.delete_invitations(tx, scope)

        await self._database.write(take_out)

    def _link(self, team: Team, invitation: Invitation) -> str:
        return link(team, self._keyring.open(invitation.token_sealed, binds=invitation.binds))

    async def _invite(self, scope: str, role: Role) -> Invitation:
        token = self._ids.secret(TOKEN_BYTES)
        draft = Invitation(scope, role, "")
        sealed = self._keyring.seal(token, binds=draft.binds)

        def insert(tx: Transaction) -> Invitation:
            store.insert_invitation(tx, Invitation(scope, role, sealed), secret_hash(token))
            found = store.standing(tx, scope, role)  # another one may have been faster
            assert found is not None
            return found

        return await self._database.write(insert)

    async def _team(self, invitation: Invitation) -> Team:
        team = await self._find_team(invitation.scope)
        if team is None:
            raise InvitationNotFound
        return team


def _invitation(tx: Transaction, token: str) -> Invitation:
    found = store.find_invitation(tx, secret_hash(token))
    if found is None:
        raise InvitationNotFound
    return found


def _join(tx: Transaction, token: str, user: User) -> Invitation:
    invitation = _invitation(tx, token)
    store.add_member(tx, user.id, invitation.scope, invitation.role)
    return invitation


def _check_may_lose(tx: Transaction, scope: str, user_id: str, *, stays_owner: bool) -> Member:
    """The member, whose role may then change. The team is locked: two owners may go at once."""
    store.lock_members(tx, scope)
    members = store.members_of(tx, scope)
    member = next((each for each in members if each.user.id == user_id), None)
    if member is None:
        raise NotInTeam("this person is not in the team any more")
    loses_owner = member.role is Role.OWNER and not stays_owner
    if loses_owner and not keeps_an_owner(members, without=user_id):
        raise LastOwner
    return member

"""The SQL of organizations, their tokens, their people and their room providers."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from vestibule.appointments.organizations.model import (
    Caller,
    Kind,
    Organization,
    PeoplePage,
    Person,
    TokenRole,
)
from vestibule.appointments.schema import (
    organization_integrations,
    organization_tokens,
    organizations,
    people,
)
from vestibule.foundation.database import Transaction

ROOMS_SERVICE = "daily"  # Daily's API, whoever serves it


def insert_organization(
    tx: Transaction, *, name: str, room_prefix: str, settings: Mapping[str, Any]
) -> Organization:
    """Add an organization."""
    row = tx.run(
        insert(organizations)
        .values(
            name=name,
            room_prefix=room_prefix,
            created_at=tx.now,
            **settings,
        )
        .returning(*organizations.c)
    ).one()
    return _organization(row)


def find_organization(tx: Transaction, organization_id: int) -> Organization | None:
    """The organization with this id."""
    row = tx.run(select(organizations).where(organizations.c.id == organization_id)).one_or_none()
    return row and _organization(row)


def all_organizations(tx: Transaction) -> list[Organization]:
    """Every organization, in the order they were added."""
    return [_organization(row) for row in tx.run(select(organizations).order_by("id"))]


def update_organization(
    tx: Transaction, organization_id: int, changes: Mapping[str, Any]
) -> Organization | None:
    """Write what is given; None if there is no such organization."""
    row = tx.run(
        update(organizations)
        .where(organizations.c.id == organization_id)
        .values({**changes, "version": organizations.c.version + 1})
        .returning(*organizations.c)
    ).one_or_none()
    return row and _organization(row)


def insert_token(
    tx: Transaction,
    *,
    token_id: str,
    organization_id: int,
    label: str,
    token_hash: str,
    role: TokenRole,
) -> None:
    """Add an access token, by its hash."""
    tx.run(
        insert(organization_tokens).values(
            id=token_id,
            organization_id=organization_id,
            label=label,
            token_hash=token_hash,
            role=role,
            created_at=tx.now,
        )
    )


def find_by_token(tx: Transaction, token_hash: str) -> Caller | None:
    """The organization that this token speaks for, and what the token is."""
    row = tx.run(
        select(
            organizations,
            organization_tokens.c.label.label("token_label"),
            organization_tokens.c.role.label("token_role"),
        )
        .join(organization_tokens)
        .where(
            organization_tokens.c.token_hash == token_hash,
            organization_tokens.c.revoked_at.is_(None),
        )
    ).one_or_none()
    return row and Caller(_organization(row), token_label=row.token_label, role=row.token_role)


def put_integration(
    tx: Transaction, organization_id: int, *, base_url: str | None, api_key_encrypted: str
) -> None:
    """Set the organization's room provider, in place of any other."""
    tx.run(delete(organization_integrations).where(_rooms_of(organization_id)))
    tx.run(
        insert(organization_integrations).values(
            organization_id=organization_id,
            service=ROOMS_SERVICE,
            base_url=base_url,
            api_key_encrypted=api_key_encrypted,
            updated_at=tx.now,
        )
    )


def delete_integration(tx: Transaction, organization_id: int) -> bool:
    """Forget the organization's room provider; False if there was none."""
    return tx.run(delete(organization_integrations).where(_rooms_of(organization_id))).rowcount == 1


def integrations(tx: Transaction, organization_id: int | None = None) -> list[Row[Any]]:
    """The room providers of one organization, or of all."""
    statement = select(organization_integrations)
    if organization_id is not None:
        statement = statement.where(_rooms_of(organization_id))
    return list(tx.run(statement.order_by(organization_integrations.c.organization_id)))


def write_key(tx: Transaction, organization_id: int, api_key_encrypted: str) -> None:
    """Write the same key, sealed anew."""
    tx.run(
        update(organization_integrations)
        .where(_rooms_of(organization_id))
        .values(api_key_encrypted=api_key_encrypted)
    )


def find_integration(
    tx: Transaction, organization_id: int
) -> tuple[Organization, str | None, str] | None:
    """The organization with its room provider's base URL and sealed API key."""
    row = tx.run(
        select(
            organizations,
            organization_integrations.c.base_url,
            organization_integrations.c.api_key_encrypted,
        )
        .join(organization_integrations)
        .where(_rooms_of(organization_id))
    ).one_or_none()
    return row and (_organization(row), row.base_url, row.api_key_encrypted)


def insert_person(
    tx: Transaction, organization_id: int, *, kind: Kind, name: str, email: str | None
) -> Person:
    """Add a specialist or patient."""
    row = tx.run(
        insert(people)
        .values(
            organization_id=organization_id,
            kind=kind,
            name=name,
            email=email,
            created_at=tx.now,
        )
        .returning(*people.c)
    ).one()
    return _person(row)


def update_person(
    tx: Transaction, organization_id: int, person_id: int, *, name: str, email: str | None
) -> Person | None:
    """Replace a person's name and address; None if the organization has no such person."""
    which = (people.c.organization_id == organization_id) & (people.c.id == person_id)
    changed = update(people).where(which).values(name=name, email=email).returning(*people.c)
    row = tx.run(changed).one_or_none()
    return row and _person(row)


def find_person(tx: Transaction, organization_id: int, person_id: int) -> Person | None:
    """The organization's person with this id."""
    row = tx.run(
        select(people).where(people.c.organization_id == organization_id, people.c.id == person_id)
    ).one_or_none()
    return row and _person(row)


def page_of_people(
    tx: Transaction, organization_id: int, kind: Kind, *, limit: int, starting_after: int
) -> PeoplePage:
    """The organization's people of one kind, after the one with the id `starting_after`."""
    of_kind = (people.c.organization_id == organization_id) & (people.c.kind == kind)
    total = tx.run(select(func.count()).select_from(people).where(of_kind)).scalar_one()
    rows = tx.run(
        select(people)
        .where(of_kind, people.c.id > starting_after)
        .order_by(people.c.id)
        .limit(limit)
    )
    return PeoplePage(total_count=total, data=[_person(row) for row in rows])


def _rooms_of(organization_id: int) -> ColumnElement[bool]:
    return (organization_integrations.c.organization_id == organization_id) & (
        organization_integrations.c.service == ROOMS_SERVICE
    )


def _organization(row: Row[Any]) -> Organization:
    return Organization(
        id=row.id,
        name=row.name,
        room_prefix=row.room_prefix,
        waiting_room=row.waiting_room,
        opens_minutes_before=row.opens_minutes_before,
        closes_minutes_after=row.closes_minutes_after,
        locks_early=row.locks_early,
        timezone=row.timezone,
        language=row.language,
        mail_name=row.mail_name,
        mail_reply_to=row.mail_reply_to,
        retry_minutes=row.retry_minutes,
        recordings_keep_days=row.recordings_keep_days,
        version=row.version,
    )


def _person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        organization_id=row.organization_id,
        kind=row.kind,
        name=row.name,
        email=row.email,
        created_at=row.created_at,
    )

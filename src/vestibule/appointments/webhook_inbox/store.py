"""The SQL of messages from room providers, and of our hooks at the providers."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from vestibule.appointments.schema import (
    appointments,
    organization_integrations,
    people,
    provider_hooks,
    provider_messages,
)
from vestibule.foundation.database import Transaction, UTCDateTime
from vestibule.foundation.loops import claim_due, finish

_INSERT: Final[dict[str, Any]] = {
    dialect.dialect.name: dialect.insert(provider_messages).on_conflict_do_nothing(
        index_elements=["organization_id", "message_id"]
    )
    for dialect in (sqlite, postgresql)
}


def insert_message(
    tx: Transaction, organization_id: int, *, message_id: str, kind: str, body: str
) -> bool:
    """Keep a message; False if it came before."""
    values = {
        "organization_id": organization_id,
        "message_id": message_id,
        "type": kind,
        "body": body,
        "received_at": tx.now,
        "due_at": tx.now,
    }
    return tx.run(_INSERT[tx.connection.dialect.name], values).rowcount == 1


def messages_since(
    tx: Transaction, organization_id: int, kinds: Collection[str], since: datetime
) -> list[Row[Any]]:
    """The organization's messages of these kinds that came after this moment."""
    mine = (provider_messages.c.organization_id == organization_id) & (
        provider_messages.c.received_at > since
    )
    return list(tx.run(select(provider_messages).where(mine, provider_messages.c.type.in_(kinds))))


def claim_messages(tx: Transaction, *, lease: str, lease_seconds: float) -> list[Row[Any]]:
    """Take messages that are to be applied, those first that have waited longest."""
    return claim_due(tx, provider_messages, lease=lease, lease_seconds=lease_seconds, limit=50)


def settle_message(
    tx: Transaction, message: Row[Any], *, due_at: datetime | None, problem: str | None
) -> bool:
    """Write that a message was applied, or when it is tried again."""
    return finish(tx, message, provider_messages, {"due_at": due_at, "last_error": problem})


def forget_messages(tx: Transaction, before: datetime) -> None:
    """Forget old messages that were applied."""
    old = (provider_messages.c.received_at < before) & provider_messages.c.due_at.is_(None)
    tx.run(delete(provider_messages).where(old))


def find_appointment(tx: Transaction, organization_id: int, appointment_id: int) -> Row[Any] | None:
    """The organization's appointment, also a deleted one, with its specialist."""
    return tx.run(
        select(appointments.c.id, people.c.name, people.c.email)
        .join(people, people.c.id == appointments.c.specialist_id)
        .where(
            appointments.c.organization_id == organization_id, appointments.c.id == appointment_id
        )
    ).one_or_none()


def find_hook(tx: Transaction, organization_id: int) -> Row[Any] | None:
    """Our hook at the organization's provider."""
    return tx.run(
        select(provider_hooks).where(provider_hooks.c.id == organization_id)
    ).one_or_none()


def claim_hook(tx: Transaction, *, lease: str, lease_seconds: float) -> Row[Any] | None:
    """Take a hook that is due to be looked after; every organization's provider gets one."""
    known = select(provider_hooks.c.id)
    wanted = organization_integrations.c.organization_id.not_in(known)
    tx.run(
        insert(provider_hooks).from_select(
            ["id", "due_at"],
            select(
                organization_integrations.c.organization_id, literal(tx.now, UTCDateTime())
            ).where(wanted),
        )
    )
    rows = claim_due(tx, provider_hooks, lease=lease, lease_seconds=lease_seconds)
    return rows[0] if rows else None


def write_secret(tx: Transaction, organization_id: int, sealed: str) -> None:
    """Write the secret that the provider is about to be given."""
    tx.run(
        update(provider_hooks)
        .where(provider_hooks.c.id == organization_id)
        .values(secret_sealed=sealed)
    )


def settle_hook(
    tx: Transaction,
    hook: Row[Any],
    *,
    hook_id: str | None,
    due_at: datetime,
    problem: str | None,
) -> bool:
    """Write how it stands with a hook, and when to look again."""
    values = {"hook_id": hook_id, "due_at": due_at, "last_error": problem}
    return finish(tx, hook, provider_hooks, values)


def hurry_hook(tx: Transaction, organization_id: int) -> None:
    """Look after a hook at once: its provider is another one."""
    tx.run(
        update(provider_hooks)
        .where(provider_hooks.c.id == organization_id)
        .values(due_at=tx.now, hook_id=None, generation=provider_hooks.c.generation + 1)
    )

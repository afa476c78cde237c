"""The SQL of what domains set."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from vestibule.foundation.database import Transaction
from vestibule.rooms.schema import domains

BRANDING = "branding"  # in a column of its own: a logo is large, and rooms are read with the rest


def find(tx: Transaction, domain_id: str, *, to_change: bool = False) -> dict[str, Any]:
    """The properties that were given; locked until the end of `tx` if they will be changed."""
    statement = select(domains.c.properties, domains.c.branding).where(domains.c.id == domain_id)
    if to_change:
        statement = statement.with_for_update(key_share=True)
    row = tx.run(statement).one()
    branding = {} if row.branding is None else {BRANDING: row.branding}
    return {**(row.properties or {}), **branding}


def find_properties(tx: Transaction, domain_id: str) -> dict[str, Any]:
    """The properties that were given, without the branding."""
    statement = select(domains.c.properties).where(domains.c.id == domain_id)
    return tx.run(statement).scalar_one() or {}


def write(tx: Transaction, domain_id: str, properties: Mapping[str, Any]) -> None:
    """Set what was given."""
    rest = {name: value for name, value in properties.items() if name != BRANDING}
    values = {"properties": rest, "branding": properties.get(BRANDING)}
    tx.run(update(domains).where(domains.c.id == domain_id).values(values))

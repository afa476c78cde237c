"""The SQL of domains and their API keys."""

from typing import Any, Final

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from vestibule.foundation.database import Transaction
from vestibule.rooms.domains.model import ApiKey, Domain
from vestibule.rooms.schema import api_keys, domains

_INSERT_DOMAIN: Final[dict[str, Any]] = {
    dialect.dialect.name: dialect.insert(domains)
    .on_conflict_do_nothing(index_elements=["name"])
    .execution_options(preserve_rowcount=True)
    for dialect in (sqlite, postgresql)
}


def insert_domain(tx: Transaction, domain: Domain, *, signing_key_sealed: str) -> bool:
    """Add a domain; False if the name is taken."""
    statement = _INSERT_DOMAIN[tx.connection.dialect.name]
    values = {
        "id": domain.id,
        "name": domain.name,
        "signing_key_sealed": signing_key_sealed,
        "created_at": tx.now,
    }
    return tx.run(statement, values).rowcount == 1


def find_domain(tx: Transaction, name: str) -> Domain | None:
    """The domain of this name."""
    row = tx.run(select(domains.c.id, domains.c.name).where(domains.c.name == name)).one_or_none()
    return row and Domain(row.id, row.name)


def all_domains(tx: Transaction) -> list[Domain]:
    """Every domain, in the order of their names."""
    rows = tx.run(select(domains.c.id, domains.c.name).order_by(domains.c.name))
    return [Domain(row.id, row.name) for row in rows]


def find_domain_by_id(tx: Transaction, domain_id: str) -> Domain | None:
    """The domain with this id."""
    statement = select(domains.c.id, domains.c.name).where(domains.c.id == domain_id)
    row = tx.run(statement).one_or_none()
    return row and Domain(row.id, row.name)


def embed_origins(tx: Transaction, domain_id: str) -> list[str]:
    """The origins whose pages may show the domain's calls in a frame."""
    statement = select(domains.c.embed_origins).where(domains.c.id == domain_id)
    origins: str | None = tx.run(statement).scalar_one()
    return (origins or "").split()


def set_embed_origins(tx: Transaction, domain_id: str, origins: list[str]) -> None:
    """Replace these origins."""
    values = {"embed_origins": " ".join(origins) or None}
    tx.run(update(domains).where(domains.c.id == domain_id).values(values))


def first_domain_name(tx: Transaction) -> str | None:
    """The name of the oldest domain."""
    oldest = select(domains.c.name).order_by(domains.c.created_at, domains.c.id).limit(1)
    return tx.run(oldest).scalar_one_or_none()


def insert_key(
    tx: Transaction, *, key_id: str, domain_id: str, label: str, key_hash: str, key_sealed: str
) -> None:
    """Add an API key."""
    values = {
        "id": key_id,
        "domain_id": domain_id,
        "label": label,
        "key_hash": key_hash,
        "key_sealed": key_sealed,
        "created_at": tx.now,
    }
    tx.run(insert(api_keys).values(values))


def find_domain_of_key(tx: Transaction, key_hash: str) -> Domain | None:
    """The domain that an active API key with this hash speaks for."""
    row = tx.run(
        select(domains.c.id, domains.c.name)
        .join(api_keys, api_keys.c.domain_id == domains.c.id)
        .where(api_keys.c.key_hash == key_hash, api_keys.c.revoked_at.is_(None))
    ).one_or_none()
    return row and Domain(row.id, row.name)


def api_keys_of(tx: Transaction, domain_id: str) -> list[ApiKey]:
    """Every API key, revoked ones too, newest first."""
    statement = (
        select(api_keys.c.id, api_keys.c.label, api_keys.c.created_at, api_keys.c.revoked_at)
        .where(api_keys.c.domain_id == domain_id)
        .order_by(api_keys.c.created_at.desc(), api_keys.c.id)
    )
    return [ApiKey(**row._mapping) for row in tx.run(statement)]


def revoke_key(tx: Transaction, domain_id: str, key_id: str) -> bool:
    """End an active API key; False if the domain has none with this id."""
    which = (api_keys.c.domain_id == domain_id) & (api_keys.c.id == key_id)
    statement = update(api_keys).where(which, api_keys.c.revoked_at.is_(None))
    return tx.run(statement.values(revoked_at=tx.now)).rowcount == 1


def sealed_signing_key(tx: Transaction, domain_id: str) -> str:
    """The domain's own signing key, sealed."""
    statement = select(domains.c.signing_key_sealed).where(domains.c.id == domain_id)
    sealed: str = tx.run(statement).scalar_one()
    return sealed


def sealed_api_keys(
    tx: Transaction, domain_id: str, *, label: str | None = None
) -> list[tuple[str, str]]:
    """Id and sealed value of the active API keys, newest first; with this label if one is given."""
    statement = (
        select(api_keys.c.id, api_keys.c.key_sealed)
        .where(api_keys.c.domain_id == domain_id, api_keys.c.revoked_at.is_(None))
        .order_by(api_keys.c.created_at.desc())
    )
    if label is not None:
        statement = statement.where(api_keys.c.label == label)
    return [(row.id, row.key_sealed) for row in tx.run(statement)]

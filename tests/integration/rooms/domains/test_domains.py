"""Domains and their keys, on both databases."""

import asyncio
import re

import pytest
from sqlalchemy import select, update

from vestibule.foundation.database import Database
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.errors import Invalid, Unauthenticated
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.domains.service import DomainNameTaken, DomainService
from vestibule.rooms.schema import api_keys
from vestibule.rooms.schema import domains as domain_table

pytestmark = pytest.mark.anyio


async def revoke_all(database: Database) -> None:
    await database.write(lambda tx: tx.run(update(api_keys).values(revoked_at=tx.now)).rowcount)


async def test_a_domain_is_found_by_its_name(domains: DomainService, clinic: Domain) -> None:
    assert await domains.find("clinic") == clinic
    assert await domains.find("nobody") is None


async def test_a_name_is_taken_once(domains: DomainService, clinic: Domain) -> None:
    with pytest.raises(DomainNameTaken, match=f"a domain named {clinic.name} already exists"):
        await domains.create(clinic.name)


async def test_ensuring_a_domain_makes_it_once_even_at_once(domains: DomainService) -> None:
    made = await asyncio.gather(*(domains.ensure("clinic") for _ in range(5)))
    assert len(set(made)) == 1


@pytest.mark.parametrize("name", ["", "Clinic", "a.b", "-a", "a-", "a_b", "x" * 64, "a/b", "ä"])
async def test_a_name_that_is_no_host_label_is_refused(domains: DomainService, name: str) -> None:
    with pytest.raises(Invalid):
        await domains.create(name)


async def test_a_key_speaks_for_its_domain(
    domains: DomainService, clinic: Domain, practice: Domain
) -> None:
    keys = [await domains.create_key(domain.id, "test") for domain in (clinic, practice)]
    assert [await domains.authenticate(key) for key in keys] == [clinic, practice]


async def test_a_key_has_64_hexadecimal_characters(domains: DomainService, clinic: Domain) -> None:
    assert re.fullmatch("[0-9a-f]{64}", await domains.create_key(clinic.id, "test"))


@pytest.mark.parametrize("key", ["", "x", "0" * 64, "\0", "ä"])
async def test_a_wrong_key_speaks_for_nobody(
    domains: DomainService, clinic: Domain, key: str
) -> None:
    await domains.create_key(clinic.id, "test")
    with pytest.raises(Unauthenticated):
        await domains.authenticate(key)


async def test_a_revoked_key_speaks_for_nobody(
    database: Database, domains: DomainService, clinic: Domain
) -> None:
    key = await domains.create_key(clinic.id, "test")
    await domains.authenticate(key)
    await revoke_all(database)
    with pytest.raises(Unauthenticated):
        await domains.authenticate(key)
    assert await domains.reveal_key(clinic.id, "test") is None
    assert (await domains.keys_for_tokens(clinic.id)).api_keys == ()


async def test_a_remembered_key_needs_no_look_at_the_database(
    database: Database, keyring: Keyring, clinic: Domain
) -> None:
    domains = DomainService(
        database=database,
        keyring=keyring,
        ids=SystemIds(),
        public_url="https://x.example",
        primary_domain="clinic",
        remembered_seconds=3600,
    )
    key = await domains.create_key(clinic.id, "test")
    await domains.authenticate(key)
    await revoke_all(database)
    assert await domains.authenticate(key) == clinic


async def test_a_key_is_stored_as_hash_and_sealed_only(
    database: Database, domains: DomainService, clinic: Domain
) -> None:
    key = await domains.create_key(clinic.id, "test")
    secrets = await domains.keys_for_tokens(clinic.id)
    rows = await database.read(
        lambda tx: [*tx.run(select(api_keys)), *tx.run(select(domain_table))]
    )
    stored = " ".join(str(column) for row in rows for column in row)
    assert key not in stored
    assert secrets.signing not in stored


async def test_a_sealed_key_opens_in_its_own_row_only(
    database: Database, domains: DomainService, clinic: Domain
) -> None:
    await domains.create_key(clinic.id, "one")
    await domains.create_key(clinic.id, "two")
    swap = select(api_keys.c.key_sealed).where(api_keys.c.label == "two").scalar_subquery()
    await database.write(
        lambda tx: (
            tx.run(
                update(api_keys).where(api_keys.c.label == "one").values(key_sealed=swap)
            ).rowcount
        )
    )
    with pytest.raises(Exception, match="cannot be opened"):
        await domains.reveal_key(clinic.id, "one")


async def test_a_key_can_be_revealed_by_its_label(domains: DomainService, clinic: Domain) -> None:
    key = await domains.create_key(clinic.id, "demonstration")
    await domains.create_key(clinic.id, "other")
    assert await domains.reveal_key(clinic.id, "demonstration") == key
    assert await domains.reveal_key(clinic.id, "nothing") is None


async def test_each_domain_signs_with_a_key_of_its_own(
    domains: DomainService, clinic: Domain, practice: Domain
) -> None:
    signing = [(await domains.keys_for_tokens(domain.id)).signing for domain in (clinic, practice)]
    assert len(set(signing)) == 2


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("video.clinic.example", "clinic"),
        ("practice.video.clinic.example", "practice"),
        ("PRACTICE.video.clinic.example:443", "practice"),
        ("practice.localhost:8000", "practice"),
        ("localhost:8000", "clinic"),
        ("127.0.0.1:8000", "clinic"),
        ("[::1]:8000", "clinic"),
        ("unknown.video.clinic.example", "clinic"),
        ("", "clinic"),
    ],
)
async def test_the_host_name_means_a_domain(
    domains: DomainService, clinic: Domain, practice: Domain, host: str, name: str
) -> None:
    found = await domains.for_host(host)
    assert found == {"clinic": clinic, "practice": practice}[name]


async def test_the_public_address_itself_is_the_primary_domain(domains: DomainService) -> None:
    clinic = await domains.create("clinic")
    await domains.create("video")  # also the first label of the public address
    assert await domains.for_host("video.clinic.example") == clinic


async def test_rooms_are_reached_below_their_domains_host_name(
    domains: DomainService, clinic: Domain, practice: Domain
) -> None:
    assert domains.room_url(clinic, "ward-1") == "https://video.clinic.example/ward-1"
    assert domains.room_url(practice, "ward-1") == "https://practice.video.clinic.example/ward-1"

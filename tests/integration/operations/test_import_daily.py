"""Rooms of a Daily account, copied with the customer's key."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.doubles.daily import KEY, ROOM_DEFAULTS, Daily, running_daily
from vestibule.assembly import Vestibule, build
from vestibule.foundation.errors import Invalid, Unavailable
from vestibule.operations.import_daily import run_import
from vestibule.rooms.definitions.model import Page
from vestibule.settings import Settings

MANY = 230


@pytest.fixture(scope="module")
def at_daily() -> Iterator[Daily]:
    with running_daily() as running:
        yield running


@pytest.fixture
def daily(at_daily: Daily) -> Daily:
    """An account with more rooms than fit into two pages."""
    at_daily.rooms = {
        f"room-{number}": {**ROOM_DEFAULTS, "privacy": "private", "enable_chat": True}
        for number in range(MANY)
    }
    at_daily.rooms["room-7"] |= {"max_participants": 12, "exp": 4_000_000_000}
    at_daily.requests.clear()
    return at_daily


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Vestibule]:
    vestibule = build(Settings(data=tmp_path))
    await vestibule.rooms.domains.primary()
    yield vestibule
    await vestibule.stop()


async def bring(
    here: Vestibule, daily: Daily, *, key: str = KEY, **options: Any
) -> tuple[dict[str, int], dict[str, str]]:
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(base_url=daily.url, headers=headers, timeout=30) as http:
        outcomes, refused = await run_import(
            here, http, None, dry_run=options.get("dry_run", False)
        )
    return dict(outcomes), refused


async def room_count(here: Vestibule) -> int:
    domain = await here.rooms.domains.primary()
    total, _ = await here.rooms.definitions.list(domain.id, Page(limit=1))
    return total


async def test_every_room_comes_with_its_properties_and_daily_is_only_read(
    here: Vestibule, daily: Daily
) -> None:
    dry, _ = await bring(here, daily, dry_run=True)
    assert (dry, await room_count(here)) == ({"copied": MANY}, 0)
    daily.fail_next("status", status=429, headers={"retry-after": "0"})
    daily.fail_next("lost-before")
    done, refused = await bring(here, daily)
    assert (done, refused) == ({"copied": MANY}, {})
    domain = await here.rooms.domains.primary()
    room = await here.rooms.definitions.get(domain.id, "room-7")
    assert (room.privacy, room.exp) == ("private", 4_000_000_000)
    assert room.properties["max_participants"] == 12
    assert room.properties["enable_chat"] is True
    assert {call.split()[0] for call in daily.calls} == {"GET"}


async def test_an_import_that_was_cut_off_goes_on_and_leaves_what_is_here_as_it_is(
    here: Vestibule, daily: Daily
) -> None:
    domain = await here.rooms.domains.primary()
    await here.rooms.definitions.create(domain.id, name="room-3", privacy="public")
    cut_off = asyncio.create_task(bring(here, daily))
    while await room_count(here) < 20:  # noqa: ASYNC110 - no event tells of rows
        await asyncio.sleep(0)
    cut_off.cancel()
    await asyncio.wait({cut_off})
    before = await room_count(here)
    done, _ = await bring(here, daily)
    # A batch that was being written when it was cut off is still written.
    there = done["there already"]
    assert before <= there < MANY
    assert done == {"copied": MANY - there, "there already": there}
    assert await room_count(here) == MANY
    assert (await here.rooms.definitions.get(domain.id, "room-3")).privacy == "public"


async def test_a_room_that_cannot_be_here_is_named_and_the_others_come(
    here: Vestibule, daily: Daily, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = daily._shown
    monkeypatch.setattr(
        daily,
        "_shown",
        lambda name: (
            {**shown(name), "config": {"enable_magic": True}} if name == "room-1" else shown(name)
        ),
    )
    done, refused = await bring(here, daily)
    assert done == {"copied": MANY - 1, "refused": 1}
    assert refused == {"room-1": "invalid property name 'enable_magic'"}


async def test_a_wrong_key_or_address_copies_nothing_and_says_so(
    here: Vestibule, daily: Daily
) -> None:
    with pytest.raises(Invalid, match="key is not taken"):
        await bring(here, daily, key="another")
    daily.fail_next("garbage")
    with pytest.raises(Unavailable, match="not Daily's API"):
        await bring(here, daily)
    assert await room_count(here) == 0

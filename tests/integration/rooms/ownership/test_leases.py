"""Leases on calls, in a real Redis: one process keeps a call, whatever happens to the others."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from redis.asyncio import Redis

from tests.servers.redis import Redis as RedisServer
from vestibule.rooms.ownership.leases import BORN, Leases, NobodyKnows
from vestibule.rooms.ownership.model import LEASE_SECONDS, Holder

Process = Callable[[], Awaitable[Leases]]


@pytest.fixture
def server() -> RedisServer:
    return RedisServer()


@pytest.fixture
async def process(server: RedisServer) -> AsyncIterator[Process]:
    """Makes processes, which renew their leases only when a test says so."""
    server.start()
    redis = Redis.from_url(server.url, decode_responses=True)
    await redis.set(BORN, 0)  # it has remembered for long
    numbers = itertools.count(1)

    async def process() -> Leases:
        number = next(numbers)
        leases = Leases(redis, process=f"p{number}", url=f"http://10.0.0.{number}:8000")
        await leases.start()
        return leases

    yield process
    await redis.aclose()
    server.stop()


async def claimed(leases: Leases, room: str, *, instead_of: Holder | None = None) -> Holder:
    """The holder of a call, once it can be said."""
    while True:
        try:
            holder, _ = await leases.claim(room, instead_of=instead_of)
        except NobodyKnows:
            await asyncio.sleep(0.05)
        else:
            return holder


async def test_of_many_who_claim_a_call_at_once_one_keeps_it(process: Process) -> None:
    many = [await process() for _ in range(5)]

    holders = await asyncio.gather(*(claimed(each, "room") for each in many))

    assert len(set(holders)) == 1
    assert [each.owns("room") for each in many].count(True) == 1
    assert await many[0].holder("room") == holders[0]


async def test_a_call_that_was_let_go_is_free_and_its_next_claim_is_newer(process: Process) -> None:
    one, other = await process(), await process()
    before = await claimed(one, "room")
    assert (await other.claim("room"))[0] == before

    await one.release("room")
    after = await claimed(other, "room")

    assert (after.process, after.fence > before.fence) == ("p2", True)
    assert await one.claim("room") == (after, True)
    await one.release("room")  # what it no longer has it cannot let go
    assert await one.holder("room") == after


async def test_who_takes_a_call_from_one_that_is_gone_is_one_of_many(process: Process) -> None:
    gone, *others = [await process() for _ in range(4)]
    lost: list[str] = []
    gone.on_lost = lost.append
    before = await claimed(gone, "room")
    await claimed(gone, "other room")

    holders = await asyncio.gather(*(claimed(each, "room", instead_of=before) for each in others))

    assert len(set(holders)) == 1
    assert [each.owns("room") for each in others].count(True) == 1
    # It was not dead after all, and learns of it with its next renewal.
    await gone.step()
    assert lost == ["room"]
    assert (gone.owns("room"), gone.owns("other room")) == (False, True)


async def test_a_process_that_does_not_renew_counts_as_dead_and_its_calls_stay_its_own(
    process: Process,
) -> None:
    silent, other = await process(), await process()
    before = await claimed(silent, "room")

    async def alive() -> bool:
        await other.step()
        return (await other.claim("room"))[1]

    await asyncio.sleep(LEASE_SECONDS)
    assert not await alive()
    assert await other.peers() == []
    assert await other.claim("room") == (before, False)  # until somebody finds that it is gone

    await silent.step()
    assert await other.claim("room") == (before, True)
    assert silent.owns("room", before.fence)


async def test_what_redis_has_forgotten_its_owner_takes_again(
    process: Process, server: RedisServer
) -> None:
    one, other = await process(), await process()
    before = await claimed(one, "room")
    assert (await other.claim("room"))[0] == before

    server.kill()
    await one.step()
    assert one.owns("room")
    assert await one.claim("room") == (before, True)
    assert (await other.claim("room"))[0] == before  # as it was known before
    with pytest.raises(NobodyKnows):
        await other.claim("another room")
    with pytest.raises(NobodyKnows):  # nobody is replaced while that cannot be agreed on
        await other.claim("room", instead_of=before)
    server.start()

    # Whoever is faster than the owner does not get the call.
    await other.step()
    third = await process()
    with pytest.raises(NobodyKnows):
        await third.claim("room")
    await one.step()
    assert await third.claim("room") == (before, True)
    assert (await claimed(other, "another room")).process == "p2"

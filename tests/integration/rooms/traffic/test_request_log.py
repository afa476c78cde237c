"""The log of requests, on both databases: written in batches, paged, and forgotten."""

from datetime import timedelta

import pytest

from tests.doubles.clock import FakeClock
from vestibule.foundation.database import Database
from vestibule.foundation.ids import SystemIds
from vestibule.rooms.domains.model import Domain
from vestibule.rooms.traffic.model import LogPage
from vestibule.rooms.traffic.service import RequestLogService

pytestmark = pytest.mark.anyio


@pytest.fixture
def log(database: Database, clock: FakeClock) -> RequestLogService:
    return RequestLogService(
        database=database, clock=clock, ids=SystemIds(), keep_days=7, kept_rows=5
    )


def note(log: RequestLogService, domain: Domain, path: str, query: str = "") -> None:
    log.note(
        domain_id=domain.id,
        ip="192.0.2.1",
        method="GET",
        path=path,
        query=query,
        status=200,
        bodies=(b"", b'{"total_count": 0, "token": "x"}'),
    )


async def urls(log: RequestLogService, domain: Domain, page: LogPage) -> list[str]:
    return [noted.url for noted in await log.list(domain.id, page)]


async def test_what_was_asked_can_be_read_by_the_domain_that_asked(
    log: RequestLogService, clinic: Domain, practice: Domain, clock: FakeClock
) -> None:
    note(log, clinic, "/v1/rooms", "limit=3")
    note(log, practice, "/v1/presence")
    (noted,) = await log.list(clinic.id, LogPage())
    assert (noted.method, noted.url, noted.status) == ("GET", "/v1/rooms?limit=3", 200)
    assert (noted.ip, noted.created_at) == ("192.0.2.1", clock.now())
    assert (noted.request, noted.response) == (None, '{"total_count": 0, "token": "********"}')
    assert await urls(log, practice, LogPage()) == ["/v1/presence"]


async def test_the_log_can_be_walked_both_ways(
    log: RequestLogService, clinic: Domain, clock: FakeClock
) -> None:
    for number in range(5):
        clock.advance(timedelta(milliseconds=1))
        note(log, clinic, f"/v1/rooms/{number}")
    newest = await log.list(clinic.id, LogPage(limit=2))
    assert [noted.url[-1] for noted in newest] == ["4", "3"]
    older = await log.list(clinic.id, LogPage(limit=2, starting_after=newest[-1].id))
    assert [noted.url[-1] for noted in older] == ["2", "1"]
    back = await log.list(clinic.id, LogPage(limit=2, ending_before=older[-1].id))
    assert [noted.url[-1] for noted in back] == ["3", "2"]
    assert await urls(log, clinic, LogPage(url="/v1/rooms/3")) == ["/v1/rooms/3"]
    assert await urls(log, clinic, LogPage(url="/rooms/3")) == ["/v1/rooms/3"]
    assert await urls(log, clinic, LogPage(url="%")) == []
    oldest = await log.list(clinic.id, LogPage(limit=2, ending_before="OLDEST"))
    assert oldest == (await log.list(clinic.id, LogPage()))[-2:]


async def test_old_requests_are_forgotten(
    log: RequestLogService, clinic: Domain, clock: FakeClock
) -> None:
    note(log, clinic, "/v1/old")
    await log.step()
    clock.advance(timedelta(days=7, seconds=1))
    note(log, clinic, "/v1/new")
    await log.step()
    assert await urls(log, clinic, LogPage()) == ["/v1/new"]


async def test_only_the_newest_requests_are_kept(
    log: RequestLogService, clinic: Domain, clock: FakeClock
) -> None:
    for number in range(8):
        clock.advance(timedelta(milliseconds=1))
        note(log, clinic, f"/v1/rooms/{number}")
    await log.step()
    assert [url[-1] for url in await urls(log, clinic, LogPage())] == ["7", "6", "5", "4", "3"]

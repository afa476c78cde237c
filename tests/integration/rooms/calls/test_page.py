"""The page at a room's address."""

import httpx2
import pytest

from tests.integration.rooms.calls.conftest import Installation


async def status_of(installation: Installation, path: str) -> int:
    transport = httpx2.ASGITransport(app=installation.vestibule.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return (await client.get(path)).status_code


@pytest.mark.parametrize("path", ["/favicon.ico", "/no%20room", "/" + "x" * 129, "/a/b/c"])
async def test_an_address_that_no_room_can_have_has_no_page(
    installation: Installation, path: str
) -> None:
    assert await status_of(installation, path) == 404


async def test_a_room_has_its_page_whether_it_is_there_or_not(
    installation: Installation,
) -> None:
    await installation.room()

    assert await status_of(installation, "/consult") == 200
    assert await status_of(installation, "/gone") == 200

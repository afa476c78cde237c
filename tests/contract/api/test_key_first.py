"""Whoever has no right key learns nothing but that, whatever the body looks like."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from tests.contract.api.conftest import Document
from vestibule.assembly import Vestibule
from vestibule.foundation.api_document import operations

pytestmark = pytest.mark.anyio

BODIES = [b'{"name": ', b'{"\\ud83d": 1}', b"\xff", b"[" * 1000, b"[]", b'{"nmae": 5}']
TYPES = [{"Content-Type": "application/json"}, {"Content-Type": "text/plain"}, {}]
WITHOUT_KEY = {"/v1/errors/report"}  # pages behind a join link send no key
SOMEBODY = "01a1fd90-b403-73bf-beb2-8d91e625565d"


@pytest.fixture
async def http(vestibule: Vestibule) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=vestibule.app)
    async with httpx2.AsyncClient(transport=transport, base_url="https://a.example") as http:
        yield http


async def test_a_wrong_key_is_told_before_a_wrong_body(
    http: httpx2.AsyncClient, document: Document
) -> None:
    asked = 0
    for path, method, operation in operations(document):
        if path in WITHOUT_KEY or "requestBody" not in operation:
            continue
        place = path
        for name in ("organization_id", "appointment_id", "delivery_id"):
            place = place.replace(f"{{{name}}}", "1")
        place = place.format_map(Anything())
        for number, body in enumerate(BODIES):
            said = TYPES[number % len(TYPES)]
            for key, status, error in (
                ({}, 400, "authorization-header-error"),
                ({"Authorization": "Bearer wrong"}, 401, "authentication-error"),
            ):
                answer = await http.request(
                    method.upper(), place, content=body, headers={**said, **key}
                )
                told = answer.json()
                if path.startswith("/domains/"):
                    assert answer.status_code == 200
                    assert "JSON" not in told["error"]["message"], (path, body)
                    assert "key" in told["error"]["message"] or "Auth" in told["error"]["message"]
                else:
                    assert (answer.status_code, told["error"]) == (status, error), (path, body)
                asked += 1

    assert asked > 200


class Anything(dict[str, str]):
    """A value for every other path parameter."""

    def __missing__(self, name: str) -> str:
        return SOMEBODY

"""What every address has in common: headers, HEAD, slashes, errors."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from vestibule.assembly import build
from vestibule.settings import Settings


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    vestibule = build(Settings(data=tmp_path, port=8000))
    await vestibule.start()
    transport = httpx2.ASGITransport(app=vestibule.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        domain = await vestibule.rooms.domains.primary()
        key = await vestibule.rooms.domains.create_key(domain.id, "test")
        client.headers["Authorization"] = f"Bearer {key}"
        yield client
    await vestibule.stop()


PAGES = ["/console", "/a/some-link", "/some-room", "/?tk=some-invitation", "/docs"]


@pytest.mark.parametrize("path", PAGES)
async def test_pages_run_no_foreign_code_and_leak_no_address(
    http: httpx2.AsyncClient, path: str
) -> None:
    answer = await http.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "camera=(self), microphone=(self)" in answer.headers["permissions-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script>" not in answer.text
    assert "http://" not in answer.text.replace("http://www.w3.org", "")
    assert "https://" not in answer.text


@pytest.mark.parametrize("path", PAGES)
async def test_head_is_answered_like_get(http: httpx2.AsyncClient, path: str) -> None:
    assert (await http.head(path)).status_code == 200


async def test_the_bare_address_leads_to_the_console(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/console")


async def test_an_unknown_address_answers_in_the_api_s_shape(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/v1/nothing/here")
    assert answer.status_code == 404
    assert answer.json() == {"error": "not-found", "info": "there is nothing at this address"}


async def test_an_unknown_address_answers_a_person_with_a_page_and_a_program_with_json(
    http: httpx2.AsyncClient,
) -> None:
    for path in ("/x/y/z", "/x.y", "/console/nothing"):
        shown = await http.get(path, headers={"Accept": "text/html,application/xhtml+xml,*/*"})
        assert (shown.status_code, shown.headers["content-type"]) == (
            404,
            "text/html; charset=utf-8",
        )
        assert "There is nothing at this address" in shown.text
        said = await http.get(path)
        assert (said.status_code, said.json()["error"]) == (404, "not-found")


async def test_a_body_that_grows_beyond_the_limit_is_refused(http: httpx2.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    answer = await http.post(
        "/v1/rooms", content=endless(), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413
    assert "larger than" in answer.json()["info"]
    assert (await http.get("/v1/rooms")).json()["total_count"] == 0


async def test_the_parts_of_pages_are_small_on_the_way_and_kept_for_good(
    http: httpx2.AsyncClient,
) -> None:
    names = re.findall(r"/assets/[\w.-]+", (await http.get("/some-room")).text)
    assert any(name.endswith(".js") for name in names)
    for name in names:
        answer = await http.get(name, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        plain = await http.get(name, headers={"Accept-Encoding": "identity"})
        assert plain.content == answer.content
        is_small = len(plain.content) < 500
        assert answer.headers.get("content-encoding") == (None if is_small else "gzip")


@pytest.mark.parametrize("name", ["gone.js", "..%2Fcall.html", "%2e%2e%2fcall.html"])
async def test_nothing_but_the_parts_of_pages_lies_beside_them(
    http: httpx2.AsyncClient, name: str
) -> None:
    assert (await http.get(f"/assets/{name}")).status_code == 404


async def test_the_script_for_other_sites_is_small_and_kept_by_its_fingerprint(
    http: httpx2.AsyncClient,
) -> None:
    plain = await http.get("/embed.js")
    assert plain.status_code == 200
    assert len(gzip.compress(plain.content)) < 6_000
    assert plain.headers["access-control-allow-origin"] == "*"
    assert "immutable" not in plain.headers["cache-control"]

    fingerprint = plain.headers["etag"].strip('"')
    pinned = await http.get("/embed.js", params={"v": fingerprint})
    assert "immutable" in pinned.headers["cache-control"]
    known = await http.get("/embed.js", headers={"If-None-Match": plain.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


async def test_every_answer_names_its_request(http: httpx2.AsyncClient) -> None:
    first, second = await http.get("/console"), await http.get("/console")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


async def test_a_caller_s_own_request_id_is_kept_if_it_is_one(http: httpx2.AsyncClient) -> None:
    given = {"X-Request-Id": "clinic-platform.0123"}
    assert (await http.get("/console", headers=given)).headers["x-request-id"] == given[
        "X-Request-Id"
    ]
    for wrong in ("short", "x" * 65, "with spaces in it", "canary@example.org"):
        answer = await http.get("/console", headers={"X-Request-Id": wrong})
        assert len(answer.headers["x-request-id"]) == 36

"""The brand of a domain on the call page and on the join page (requirement A22)."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from tests.doubles.clock import FakeClock
from vestibule.assembly import Vestibule, build
from vestibule.settings import Settings

ADDRESS = "https://video.clinic.example"
BRANDING = {
    "logo_url": "https://cdn.clinic.example/logo.png",
    "colors": {"accent": "#7a1f5c", "accent_text": "#ffffff"},
}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def vestibule(
    database_url: str, tmp_path: Path, clock: FakeClock
) -> AsyncIterator[Vestibule]:
    settings = Settings(
        database_url=database_url,
        data=tmp_path,
        base_url=ADDRESS,
        provider_allow_private_addresses=True,
    )
    vestibule = build(settings, clock=clock)
    await vestibule.rooms.domains.primary()
    yield vestibule
    await vestibule.stop()


@pytest.fixture
async def visitor(vestibule: Vestibule) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=vestibule.app)
    async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as http:
        yield http


async def patient_path(vestibule: Vestibule, *, base_url: str | None = None) -> str:
    """The path of a patient's link at a clinic with this room provider."""
    organizations = vestibule.appointments.organizations
    domain = await vestibule.rooms.domains.primary()
    key = await vestibule.rooms.domains.create_key(domain.id, "appointments")
    clinic = await organizations.create("Restartix Clinic")
    await organizations.set_integration(clinic.id, base_url=base_url, api_key=key)
    ada = await organizations.create_person(clinic.id, kind="specialist", name="Ada")
    ben = await organizations.create_person(clinic.id, kind="patient", name="Ben")
    starts = vestibule.shared.clock.now() + timedelta(minutes=5)
    appointment = await vestibule.appointments.lifecycle.create(
        clinic.id,
        specialist_id=ada.id,
        patient_id=ben.id,
        started_at=starts,
        ended_at=starts + timedelta(minutes=30),
    )
    return vestibule.appointments.join_links.links(appointment).patient.removeprefix(ADDRESS)


async def stylesheet_of(visitor: httpx2.AsyncClient, page: httpx2.Response) -> httpx2.Response:
    """The style sheet that comes after all others of the page."""
    [*_, last] = re.findall(r'<link rel="stylesheet"[^>]*href="([^"]+)"', page.text)
    return await visitor.get(last)


async def pictures_from(page: httpx2.Response) -> str:
    policy = page.headers["content-security-policy"]
    [pictures] = [part for part in policy.split("; ") if part.startswith("img-src")]
    return pictures


async def test_both_pages_take_on_the_brand_of_the_domain(
    vestibule: Vestibule, visitor: httpx2.AsyncClient
) -> None:
    domain = await vestibule.rooms.domains.primary()
    await vestibule.rooms.configurations.change(domain.id, {"branding": BRANDING})
    for path in ("/ward", await patient_path(vestibule)):
        page = await visitor.get(path)
        assert await pictures_from(page) == (
            "img-src 'self' data: blob: https://cdn.clinic.example"
        )
        assert "style-src 'self';" in page.headers["content-security-policy"]
        sheet = await stylesheet_of(visitor, page)
        assert sheet.headers["content-type"].startswith("text/css")
        assert "--accent: #7a1f5c" in sheet.text
        assert 'url("https://cdn.clinic.example/logo.png")' in sheet.text


async def test_without_a_brand_pages_load_no_picture_from_elsewhere(
    vestibule: Vestibule, visitor: httpx2.AsyncClient
) -> None:
    for path in ("/ward", await patient_path(vestibule), "/a/invented"):
        page = await visitor.get(path)
        assert page.status_code == 200
        assert "branding.css" not in page.text
        assert await pictures_from(page) == "img-src 'self' data: blob:"
    assert (await visitor.get("/branding.css")).text == ""
    assert (await visitor.get("/a/invented/branding.css")).text == ""


async def test_the_join_page_asks_for_the_brand_now_and_then_and_does_without_it(
    vestibule: Vestibule, visitor: httpx2.AsyncClient, clock: FakeClock
) -> None:
    domain = await vestibule.rooms.domains.primary()
    path = await patient_path(vestibule)
    assert "branding.css" not in (await visitor.get(path)).text
    await vestibule.rooms.configurations.change(domain.id, {"branding": BRANDING})
    assert "branding.css" not in (await visitor.get(path)).text  # remembered
    clock.advance(timedelta(minutes=5))
    assert "branding.css" in (await visitor.get(path)).text
    for key in await vestibule.rooms.domains.api_keys(domain.id):
        await vestibule.rooms.domains.revoke_key(domain.id, key.id)
    clock.advance(timedelta(minutes=5))
    assert "branding.css" in (await visitor.get(path)).text  # the last one that was known


async def test_a_provider_that_is_down_costs_the_page_only_its_brand(
    vestibule: Vestibule, visitor: httpx2.AsyncClient
) -> None:
    path = await patient_path(vestibule, base_url="http://127.0.0.1:1/v1")
    page = await visitor.get(path)
    assert (page.status_code, "branding.css" in page.text) == (200, False)

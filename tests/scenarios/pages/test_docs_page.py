"""The page that describes the APIs."""

import re

import pytest
from playwright.sync_api import Request, expect

from tests.scenarios.accessibility import assert_fits, assert_no_barrier
from tests.scenarios.pages.conftest import Clinic, NewPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_the_reference_is_read_without_barriers_and_reaches_no_other_host(
    clinic: Clinic, new_page: NewPage
) -> None:
    page = new_page()
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.goto(f"{clinic.demo['base_url']}/docs#rooms_create_room")
    make = page.get_by_role("article", name="Make a room", exact=True).first
    expect(make).to_be_in_viewport()
    make.get_by_text(re.compile(r"^\d+ fields$")).first.click()
    expect(
        make.get_by_text("how many people may be in the call", exact=False).first
    ).to_be_visible()
    expect(make).to_contain_text('curl -X POST "')
    expect(page.get_by_role("heading", name="Appointments", exact=True)).to_be_attached()
    assert_no_barrier(page)
    for width in (1440, 390, 320):
        assert_fits(page, width)
    assert {url for url in asked if not url.startswith(clinic.demo["base_url"])} == set()
    page.goto(f"{clinic.demo['base_url']}/x/y/z")
    assert_no_barrier(page)

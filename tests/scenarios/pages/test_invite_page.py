"""The page behind an invite link: making an account or signing in, and belonging to the team."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.scenarios.accessibility import assert_fits, assert_no_barrier
from tests.scenarios.pages.conftest import Clinic, NewPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PASSWORD = "correct horse battery"
JOIN = "Join the team restartix"


def team(clinic: Clinic) -> dict[str, Any]:
    """The team as the team API tells it."""
    path = f"/domains/by-name/{clinic.demo['domain']}"
    status, answer = clinic.server.request("GET", path, key=clinic.demo["api_key"])
    assert status == 200
    result: dict[str, Any] = answer
    return result


def invite(clinic: Clinic, *options: str) -> str:
    """The link that the command line prints; beside this server, only the port is another one."""
    _, _, token = clinic.command("domains", "invite", *options).strip().partition("/?tk=")
    return f"{clinic.demo['base_url']}/?tk={token}"


def fill_in(page: Page, email: str, name: str | None = None, password: str = PASSWORD) -> None:
    if name is not None:
        page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)


def is_at_the_console(page: Page) -> None:
    expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=20_000)
    assert page.url.endswith("/console")


def make_account(page: Page, clinic: Clinic, email: str, name: str) -> None:
    page.goto(team(clinic)["teamInviteLink"])
    fill_in(page, email, name)
    page.get_by_role("button", name="Make the account and join").click()
    is_at_the_console(page)


def test_a_new_person_makes_an_account_by_keyboard_and_enters_a_room_of_the_team(
    clinic: Clinic, new_page: NewPage
) -> None:
    page = new_page()
    page.goto(team(clinic)["teamInviteLink"])
    expect(page.get_by_role("heading", name=JOIN)).to_be_visible()
    assert_no_barrier(page)
    for text in ("", "Mara Ionescu", "mara@clinic.example", PASSWORD):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    is_at_the_console(page)
    expect(page.get_by_role("heading", name="a member of the team")).to_be_visible()
    assert_no_barrier(page)
    assert team(clinic)["users"]["mara@clinic.example"]["role"] == "member"

    path = f"/domains/by-name/{clinic.demo['domain']}/room"
    key = clinic.demo["api_key"]
    _, room = clinic.server.request("POST", path, key=key, body={"name": "team-room"})
    page.goto(room["url"])
    expect(page.get_by_role("textbox", name="Your name")).to_have_value("Mara Ionescu")
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.locator("[data-participant]")).to_have_count(1, timeout=20_000)

    stranger = new_page()
    stranger.goto(room["url"])
    expect(stranger.get_by_text("You cannot enter this room").first).to_be_visible(timeout=20_000)


def test_whoever_has_an_account_signs_in_and_whoever_is_signed_in_is_added_at_once(
    clinic: Clinic, new_page: NewPage
) -> None:
    page = new_page()
    make_account(page, clinic, "ben@clinic.example", "Ben")
    path = f"/domains/by-name/{clinic.demo['domain']}/user/ben@clinic.example"
    key = clinic.demo["api_key"]
    assert clinic.server.request("DELETE", path, key=key) == (200, {"deleted": "true"})

    page.goto(team(clinic)["teamInviteLink"])
    is_at_the_console(page)
    assert "ben@clinic.example" in team(clinic)["users"]
    assert clinic.server.request("DELETE", path, key=key) == (200, {"deleted": "true"})

    elsewhere = new_page()
    elsewhere.goto(team(clinic)["teamInviteLink"])
    fill_in(elsewhere, "ben@clinic.example", "Ben", "another good password")
    elsewhere.get_by_role("button", name="Make the account and join").click()
    expect(elsewhere.get_by_role("alert")).to_contain_text("already an account")
    elsewhere.get_by_role("button", name="I already have an account").click()
    elsewhere.get_by_role("button", name="Sign in and join").click()
    expect(elsewhere.get_by_role("alert")).to_contain_text("password is wrong")
    assert_no_barrier(elsewhere)
    fill_in(elsewhere, "ben@clinic.example")
    elsewhere.get_by_role("button", name="Sign in and join").click()
    is_at_the_console(elsewhere)
    assert "ben@clinic.example" in team(clinic)["users"]


def test_on_a_phone_what_is_missing_is_said_beside_its_field(
    clinic: Clinic, new_page: NewPage
) -> None:
    page = new_page(**PHONE)
    page.goto(team(clinic)["teamInviteLink"])
    page.get_by_role("button", name="Make the account and join").tap()
    expect(page.get_by_label("Your name")).to_be_focused()
    expect(page.get_by_text("Please write your e-mail address.")).to_be_visible()
    fill_in(page, "cleo@clinic.example", "Cleo", "short")
    page.get_by_role("button", name="Make the account and join").tap()
    expect(page.get_by_role("alert")).to_contain_text("12 to 256 characters")
    assert_no_barrier(page)
    for width in (390, 320):
        assert_fits(page, width)
    assert "cleo@clinic.example" not in team(clinic)["users"]


def test_a_revoked_link_says_so(clinic: Clinic, new_page: NewPage) -> None:
    link = invite(clinic)
    assert link == team(clinic)["teamInviteLink"]
    assert "1 link into restartix revoked" in clinic.command("domains", "revoke-links")
    page = new_page()
    page.goto(link)
    expect(
        page.get_by_role("heading", name="This invitation is not valid any more")
    ).to_be_visible()
    expect(page).to_have_title(re.compile("not valid"))
    assert_no_barrier(page)


def test_the_command_line_invites_the_first_owner(clinic: Clinic, new_page: NewPage) -> None:
    page = new_page()
    page.goto(invite(clinic, "--role", "owner"))
    fill_in(page, "owner@clinic.example", "Olga")
    page.get_by_role("button", name="Make the account and join").click()
    is_at_the_console(page)
    assert team(clinic)["users"]["owner@clinic.example"]["role"] == "owner"

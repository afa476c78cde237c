"""The console's pages about a domain: keys, team, webhooks, and what holds for its rooms."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from tests.scenarios.accessibility import assert_fits, assert_no_barrier
from tests.scenarios.pages.conftest import Clinic, NewPage
from tests.scenarios.pages.test_console_page import PHONE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


class Receiver(BaseHTTPRequestHandler):
    """Answers every message with 200."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        pass


@pytest.fixture(scope="module")
def receiver() -> Iterator[str]:
    """The address of a server that takes webhooks."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/events"
        server.shutdown()
        thread.join()


def heading(page: Page, name: str) -> None:
    """The page with this heading is there, and whoever listens is told."""
    title = page.get_by_role("heading", level=1, name=name)
    expect(title).to_be_focused()
    expect(page).to_have_title(f"{name} · Vestibule console")


def test_an_owner_makes_rotates_and_revokes_a_key(clinic: Clinic, new_page: NewPage) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    sign_in(page, clinic)
    page.get_by_role("link", name="API keys").click()
    heading(page, "API keys")
    page.get_by_role("button", name="Create key").click()
    expect(page.get_by_label("What is the key for?")).to_be_focused()
    page.get_by_label("What is the key for?").fill("Portal")
    page.get_by_role("button", name="Create key").click()
    page.get_by_role("button", name="Copy key of Portal").click()
    expect(page.get_by_text("The key is copied.")).to_be_attached()
    key = page.evaluate("navigator.clipboard.readText()")
    assert clinic.server.request("GET", "/v1/rooms", key=key)[0] == 200
    assert_no_barrier(page)
    page.get_by_role("button", name="Rotate of Portal").click()
    expect(page.get_by_role("button", name="Revoke of Portal")).to_have_count(2)
    assert clinic.server.request("GET", "/v1/rooms", key=key)[0] == 200
    page.get_by_role("button", name="Revoke of Portal").last.click()
    dialog = page.get_by_role("dialog", name="Revoke the key Portal?")
    assert_no_barrier(page)
    dialog.get_by_role("button", name="No, keep it").click()
    expect(page.get_by_role("button", name="Revoke of Portal")).to_have_count(2)
    page.get_by_role("button", name="Revoke of Portal").last.click()
    dialog.get_by_role("button", name="Revoke key").click()
    expect(page.get_by_role("button", name="Revoke of Portal")).to_have_count(1)
    assert clinic.server.request("GET", "/v1/rooms", key=key)[0] == 401
    page.reload()
    heading(page, "API keys")
    assert key not in page.content()
    page.go_back()
    expect(page.get_by_text("Updated at")).to_be_visible()


def test_an_owner_invites_people_and_says_how_rooms_are(clinic: Clinic, new_page: NewPage) -> None:
    page = new_page(**PHONE)
    sign_in(page, clinic)
    page.get_by_role("button", name="Menu").click()
    assert_no_barrier(page)
    page.get_by_role("link", name="Team").click()
    heading(page, "Team")
    expect(page.get_by_role("link", name="Team")).to_be_hidden()
    page.get_by_role("button", name="Create link of the role Member").click()
    expect(page.get_by_text("/?tk=")).to_be_visible()
    page.get_by_role("combobox", name="Role of Clinic administrator").select_option("Member")
    expect(page.get_by_role("alert")).to_contain_text("last owner must stay one")
    expect(page.get_by_role("combobox", name="Role of Clinic")).to_have_value("owner")
    assert_no_barrier(page)
    assert_fits(page, 320)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Rooms and look").click()
    heading(page, "Rooms and look")
    page.get_by_role("button", name="Use our recommendation").click()
    page.get_by_role("button", name="Save rules").click()
    expect(page.get_by_text("The rules for meeting tokens are saved.")).to_be_visible()
    page.get_by_label("Sites, one on each line").fill("portal")
    page.get_by_role("button", name="Save sites").click()
    expect(page.get_by_role("alert")).to_contain_text("is not an origin")
    assert_no_barrier(page)
    assert_fits(page, 320)
    body = {"properties": {"room_name": "ward"}}
    key = clinic.demo["api_key"]
    status, answer = clinic.server.request("POST", "/v1/meeting-tokens", key=key, body=body)
    assert (status, "exp" in answer["info"]) == (400, True)
    page.reload()
    page.get_by_label("A token must have an end").uncheck()
    page.get_by_label("A token must name its room").uncheck()
    page.get_by_label("Longest time that a token may work").fill("")
    page.get_by_role("button", name="Save rules").click()
    expect(page.get_by_text("The rules for meeting tokens are saved.")).to_be_visible()
    assert clinic.server.request("POST", "/v1/meeting-tokens", key=key, body=body)[0] == 200


def test_an_owner_adds_a_webhook_and_looks_what_was_sent(
    clinic: Clinic, new_page: NewPage, receiver: str
) -> None:
    page = new_page()
    sign_in(page, clinic)
    page.get_by_role("link", name="Webhooks").click()
    heading(page, "Webhooks")
    page.get_by_label("Address to send to").fill("http://127.0.0.1:1/nobody")
    page.get_by_role("button", name="Add webhook").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "http://127.0.0.1:1/nobody could not be checked"
    )
    assert_no_barrier(page)
    page.get_by_label("Address to send to").fill(receiver)
    page.get_by_role("button", name="Add webhook").click()
    expect(page.get_by_role("heading", name=receiver)).to_be_visible()
    assert_no_barrier(page)
    page.get_by_role("link", name="Deliveries").click()
    heading(page, "Deliveries")
    expect(page.get_by_text("Nothing to show")).to_be_visible()
    assert_no_barrier(page)
    page.get_by_role("link", name="Webhooks").first.click()
    page.get_by_role("button", name=f"Delete {receiver}").click()
    page.get_by_role("button", name="Delete webhook").click()
    expect(page.get_by_label("Address to send to")).to_be_visible()
    key = clinic.demo["api_key"]
    status, left = clinic.server.request("GET", "/v1/webhooks", key=key)
    assert (status, receiver in {webhook["url"] for webhook in left}) == (200, False)


def test_who_owns_no_domain_sees_none_of_its_pages(clinic: Clinic, new_page: NewPage) -> None:
    clinic.command(
        *("users", "create", "--email", "staff@clinic.example", "--name", "Sanda"),
        *("--organization", str(clinic.demo["organization_id"])),
        stdin="correct horse battery",
    )
    admin = new_page()
    sign_in(admin, clinic)
    admin.get_by_role("link", name="API keys").click()
    page = new_page()
    page.goto(admin.url)
    page.get_by_label("E-mail address").fill("staff@clinic.example")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("You are not an owner of this domain's team.")).to_be_visible()
    expect(page.get_by_role("link", name="Appointments")).to_be_visible()
    expect(page.get_by_role("link", name="API keys")).to_have_count(0)
    assert_no_barrier(page)
    page.goto(clinic.demo["console_url"] + "/organizations/1/nothing")
    expect(page.get_by_role("heading", name="This page does not exist")).to_be_focused()
    members = clinic.command("members", "list", "--json")
    assert [json.loads(line)["role"] for line in members.splitlines()] == ["owner"]

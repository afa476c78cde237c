"""How a call begins and ends for a person: in their language, checked, told in time, led on."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.scenarios.accessibility import assert_fits, assert_no_barrier
from tests.scenarios.call_page import CallPage
from tests.scenarios.pages.conftest import Clinic, NewPage
from tests.scenarios.pages.rooms import Room, enter

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

NewContext = Callable[[], BrowserContext]

NO_DEVICES = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"


def test_prejoin_tests_speaker_and_connection(clinic: Clinic, new_context: NewContext) -> None:
    ada = CallPage(new_context())
    ada.open(Room(clinic).link("Ada", is_owner=True))
    started = time.monotonic()
    ada.button("Check my connection").click()
    ada.says("Calls work in this browser")
    assert time.monotonic() - started < 10
    ada.button("Test the speaker").click()
    ada.says("You should hear two notes now")
    assert_no_barrier(ada.page)
    assert_fits(ada.page, 320)


def test_a_browser_without_devices_says_so_once(clinic: Clinic, new_context: NewContext) -> None:
    room = Room(clinic)
    ben = CallPage(new_context())
    ben.page.add_init_script(NO_DEVICES)
    ben.open(room.link("Ben"))
    ben.says("This browser cannot use camera and microphone")
    expect(ben.page.get_by_role("alert")).to_have_count(1)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ("de", "Bereit zum Beitreten?"),
        ("ro", "Sunteți gata să intrați?"),
        ("fr", "Prêt à rejoindre l’appel ?"),
        ("es", "¿Listo para entrar?"),
        ("jp", "Ready to join?"),
    ],
)
def test_the_room_chooses_the_language(
    clinic: Clinic, new_page: NewPage, wish: str, words: str
) -> None:
    page = new_page()
    page.goto(Room(clinic, lang=wish).link("Ada", is_owner=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    expect(page.locator("html")).to_have_attribute("lang", wish if wish != "jp" else "en")


def test_token_browser_and_address_choose_the_language_in_their_order(
    clinic: Clinic, new_page: NewPage
) -> None:
    room = Room(clinic, lang="user")
    heading = "Bereit zum Beitreten?"
    page = new_page(locale="de-AT")
    page.goto(room.link("Ada", is_owner=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.goto(room.link("Ada", lang="fr"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Prêt")
    page.goto(f"{room.link('Ada', lang='fr')}&lang=es")
    expect(page.get_by_role("heading", level=1)).to_contain_text("¿Listo")


def test_an_appointment_keeps_its_language_its_name_and_its_way_back(
    clinic: Clinic, new_page: NewPage
) -> None:
    appointment = clinic.book(timedelta(minutes=3), "onboard")
    page = new_page(locale="ro-RO")
    page.goto(appointment["patient_url"])
    expect(page.get_by_role("heading", level=1)).to_contain_text("Programarea dumneavoastră cu")
    assert_fits(page, 320)
    page.get_by_role("button", name="Intrați în apelul video").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sunteți gata să intrați?")
    expect(page.get_by_text("Programarea dumneavoastră cu Dr. Ada Popescu")).to_be_visible()
    expect(page.get_by_text(appointment["videocall_room_name"])).to_have_count(0)
    page.get_by_role("button", name="Cereți să intrați").click()
    page.get_by_role("button", name="Ieșiți").click()
    back = page.get_by_role("link", name="Înapoi la programarea cu Dr. Ada Popescu")
    assert_no_barrier(page)
    back.click()
    page.wait_for_url(appointment["patient_url"])


def test_the_end_is_told_in_time(clinic: Clinic, new_context: NewContext) -> None:
    room = Room(clinic, exp=int(time.time()) + 20, eject_at_room_exp=True)
    ada = enter(CallPage(new_context()), room.link("Ada", is_owner=True))
    expect(ada.page.get_by_role("timer")).to_contain_text(re.compile(r"ends in \d+ seconds?"))
    ada.says("The call has ended")
    assert_no_barrier(ada.page)


def test_the_owner_gives_ten_minutes_more_and_everybody_is_told(
    clinic: Clinic, new_context: NewContext
) -> None:
    properties = {"properties": {"enable_call_extension": True}}
    assert (
        clinic.server.request("POST", "/v1", key=clinic.demo["api_key"], body=properties)[0] == 200
    )
    room = Room(clinic, exp=int(time.time()) + 270, eject_at_room_exp=True)
    ada = enter(CallPage(new_context()), room.link("Ada", is_owner=True))
    ben = enter(CallPage(new_context()), room.link("Ben"))
    ends = re.compile(r"ends in \d+ minutes?")
    expect(ben.page.get_by_text(ends)).to_be_visible()
    expect(ben.button("+10 minutes")).to_have_count(0)
    assert_no_barrier(ada.page)

    ada.button("+10 minutes").click()

    for person in (ada, ben):
        expect(person.page.get_by_text(ends)).to_have_count(0)
        expect(person.page.locator(".notice").get_by_text("ten minutes more")).to_be_visible()
    expect(ada.button("+10 minutes")).to_have_count(0)


def test_leaving_leads_on_where_the_token_says(clinic: Clinic, new_context: NewContext) -> None:
    target = f"{clinic.demo['base_url']}/console"
    ada = CallPage(new_context())
    link = Room(clinic).link("Ada", is_owner=True, redirect_on_meeting_exit=target)
    enter(ada, link).button("Leave").click()
    ada.page.wait_for_url(f"{target}*")


def test_leaving_closes_a_tab_that_a_page_opened(clinic: Clinic, new_context: NewContext) -> None:
    link = Room(clinic).link("Ada", is_owner=True, close_tab_on_exit=True)
    opener = CallPage(new_context())
    opener.open(f"{clinic.demo['base_url']}/console")
    with opener.page.context.expect_page() as opened:
        opener.page.evaluate("(link) => void window.open(link)", link)
    tab = opened.value
    tab.get_by_role("button", name="Join", exact=True).click()
    with tab.expect_event("close"):
        tab.get_by_role("button", name="Leave", exact=True).click()

"""The console speaks five languages, and writes days and times as its reader does."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.scenarios.accessibility import assert_fits, assert_no_barrier
from tests.scenarios.pages.conftest import Clinic, NewPage
from tests.scenarios.pages.test_console_page import row_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

MINUTES = timedelta(minutes=1)


def test_a_reader_works_in_the_language_of_the_browser_and_may_choose_another(
    clinic: Clinic, new_page: NewPage
) -> None:
    with clinic.provider_down():
        appointment = clinic.book(3 * MINUTES, "onboard")
    page = new_page(locale="de-DE", timezone_id="Europe/Berlin")
    sign_in_in_german(page, clinic)
    assert_no_barrier(page)
    look_at_every_page(page)
    row = row_of(page, appointment)
    expect(row).to_contain_text("Steht bevor")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Termin {appointment['id']}")
    page.get_by_role("button", name="Jetzt prüfen").click()
    expect(page.get_by_text("Beide Links führen zu diesem Termin.")).to_be_visible()  # the server's
    page.get_by_label("Sprache").select_option(label="Română")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Programarea {appointment['id']}")
    expect(page.get_by_text("Ambele linkuri duc la această programare.")).to_be_visible()
    expect(page.get_by_text("Programare creată")).to_be_visible()
    page.reload()  # the choice is kept
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Programarea {appointment['id']}")
    assert page.evaluate("document.documentElement.lang") == "ro"
    page.get_by_role("link", name="Persoane").click()
    page.get_by_label("Nume").fill("Cleo Marin")
    page.get_by_label("Adresa de e-mail (opțional)").fill("cleo@")
    page.get_by_role("button", name="Adaugă", exact=True).click()
    expect(page.get_by_text("'cleo@' nu este o adresă de e-mail.")).to_be_visible()
    assert_no_barrier(page)
    assert_fits(page, 320)


def look_at_every_page(page: Page) -> None:
    """In the language with the longest words, also in the narrowest window; then back."""
    board, usual = page.url, page.viewport_size
    addresses = page.locator(".ways a").evaluate_all("(ways) => ways.map((way) => way.href)")
    assert len(addresses) == 10, addresses
    assert usual is not None
    for address in addresses[1:]:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_text("Wird geladen…")).to_have_count(0)
        assert_no_barrier(page, ("light",))
        assert_fits(page, 320)
        page.set_viewport_size(usual)
    page.goto(board)


def sign_in_in_german(page: Page, clinic: Clinic) -> None:
    """First with a wrong password."""
    admin = clinic.demo["admin"]
    page.goto(clinic.demo["console_url"])
    expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()
    assert page.title() == "Anmelden · Vestibule-Konsole"
    page.get_by_label("E-Mail-Adresse").fill(admin["email"])
    page.get_by_label("Passwort", exact=True).fill("not the password")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_text("E-Mail-Adresse oder Passwort ist falsch")).to_be_visible()
    page.get_by_label("Passwort", exact=True).fill(admin["password"])
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_text("Heute")).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "nothing", "invitation"),
    [
        ("fr-FR", "Il n’y a rien à cette adresse", "Cette invitation n’est plus valable"),
        ("es-ES", "No hay nada en esta dirección", "Esta invitación ya no vale"),
    ],
)
def test_what_is_wrong_with_an_address_is_said_in_the_readers_language(
    clinic: Clinic, new_page: NewPage, locale: str, nothing: str, invitation: str
) -> None:
    page = new_page(locale=locale)
    page.goto(f"{clinic.demo['base_url']}/nothing/of/this/name")
    expect(page.get_by_role("heading")).to_have_text(nothing)
    assert_no_barrier(page)
    page.goto(f"{clinic.demo['base_url']}/?tk=of-nobody")
    expect(page.get_by_role("heading")).to_have_text(invitation)
    assert_no_barrier(page)

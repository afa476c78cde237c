"""Staff sign in with their account at an OpenID provider, and learn why if it does not work."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.scenarios.accessibility import assert_no_barrier
from tests.scenarios.pages.conftest import NewPage
from tests.servers.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider
from tests.servers.vestibule import VestibuleProcess

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture
def provider() -> Iterator[OidcProvider]:
    provider = OidcProvider(claims={"sub": "mara-1", "email_verified": True})
    yield provider
    provider.close()


def test_an_administrator_comes_in_by_the_button_and_a_stranger_is_told_why_not(
    tmp_path: Path, provider: OidcProvider, new_page: NewPage
) -> None:
    server = VestibuleProcess(
        tmp_path / "clinic",
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_name="Clinic login",
    )
    demo = server.start()
    try:
        page = new_page(locale="fr-FR")
        provider.claims["email"] = "stranger@mail.example"
        page.goto(demo["console_url"])
        page.get_by_role("link", name="Se connecter avec Clinic login").click()
        expect(page.get_by_text("Vous n’avez pas de compte ici")).to_be_visible()
        assert page.url == demo["console_url"], "the address keeps no reason"
        assert_no_barrier(page)
        provider.claims["email"] = demo["admin"]["email"]
        page.get_by_role("link", name="Se connecter avec Clinic login").click()
        expect(page.get_by_text("Clinic administrator")).to_be_visible()
    finally:
        server.stop()

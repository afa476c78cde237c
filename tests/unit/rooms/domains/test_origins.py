"""Which origins may be named as those whose pages show calls."""

import pytest

from vestibule.foundation.errors import Invalid
from vestibule.foundation.http import content_security_policy
from vestibule.rooms.domains.model import clean_origin

ORIGINS = [
    ("https://portal.example.org", "https://portal.example.org"),
    (" HTTPS://Portal.example.org/ ", "https://portal.example.org"),
    ("https://*.example.org:8443", "https://*.example.org:8443"),
    ("http://localhost:3000", "http://localhost:3000"),
]
WRONG = [
    "",
    "*",
    "portal.example.org",
    "https://",
    "https://portal.example.org/page",
    "https://a.example; script-src *",
    "https://a.example https://b.example",
    "https://a.example\nX-Header: 1",
    "javascript:alert(1)",
    "https://*",
]


@pytest.mark.parametrize(("written", "kept"), ORIGINS)
def test_an_origin(written: str, kept: str) -> None:
    assert clean_origin(written) == kept


@pytest.mark.parametrize("written", WRONG)
def test_what_is_no_origin_never_reaches_the_policy(written: str) -> None:
    with pytest.raises(Invalid, match="is not an origin"):
        clean_origin(written)


def test_the_policy_names_our_own_pages_first() -> None:
    assert content_security_policy().endswith("frame-ancestors 'self'")
    policy = content_security_policy(embedders=["https://a.example", "https://b.example"])
    assert policy.endswith("frame-ancestors 'self' https://a.example https://b.example")

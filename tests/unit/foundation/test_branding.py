"""Brands: what is taken of them, and that pages stay readable under them."""

import pytest

from vestibule.foundation.branding import (
    DARK,
    LIGHT,
    Brand,
    Scheme,
    contrast,
    mix,
    palette,
    read_brand,
    readable,
    stylesheet,
    version,
)

PICTURE = "data:image/png;base64,iVBORw0KGgo="
COLORS = ["#000000", "#ffffff", "#777777", "#ffff00", "#0000ff", "#ff0000", "#7a1f5c", "#c0ffee"]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#0b6660", "#ffffff", 6.83),
        ("#123456", "#123456", 1.0),
    ],
)
def test_contrast_is_counted_as_the_guidelines_count_it(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.02)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("background", [None, *COLORS])
@pytest.mark.parametrize("accent", [None, *COLORS])
@pytest.mark.parametrize("text", [None, "#ffffff", "#777777", "#111111"])
def test_whatever_the_brand_every_text_can_be_read(
    scheme: Scheme, background: str | None, accent: str | None, text: str | None
) -> None:
    brand = Brand(accent=accent, accent_text=text, background=background, text=text)
    colors = palette(brand, scheme)
    for ground in ("--ground", "--surface", "--surface-quiet"):
        for ink in ("--ink", "--ink-quiet", "--accent"):
            assert contrast(colors[ink], colors[ground]) >= 4.5, (ink, ground, colors)
    for button in ("--accent", "--accent-strong"):
        assert contrast(colors["--on-accent"], colors[button]) >= 4.5, colors


def test_a_colour_that_can_be_read_stays_as_it_was_chosen() -> None:
    assert readable("#7a1f5c", ["#ffffff"]) == "#7a1f5c"
    colors = palette(Brand(accent="#7a1f5c", accent_text="#ffffff"), LIGHT)
    assert (colors["--accent"], colors["--on-accent"]) == ("#7a1f5c", "#ffffff")
    assert mix("#000000", "#ffffff", 0.5) == "#808080"


def test_nobody_who_asks_for_dark_pages_gets_a_white_one() -> None:
    brand = Brand(background="#fff8e7")
    assert palette(brand, LIGHT)["--ground"] == "#fff8e7"
    assert palette(brand, DARK)["--ground"] == DARK.ground
    assert palette(Brand(background="#101020"), DARK)["--ground"] == "#101020"
    assert palette(Brand(background="#101020"), LIGHT)["--ground"] == LIGHT.ground


@pytest.mark.parametrize(
    ("said", "brand"),
    [
        (None, None),
        ("blue", None),
        ({}, None),
        ({"colors": {"accent": "red"}, "logo_url": "http://x.example/l.png"}, None),
        ({"colors": {"accent": "#7A1F5C"}}, Brand(accent="#7a1f5c")),
        ({"logo_url": PICTURE, "colors": None}, Brand(logo=PICTURE)),
        (
            {"logo_url": "https://clinic.example:8443/l.png?a=1", "colors": {"text": 7}},
            Brand(logo="https://clinic.example:8443/l.png?a=1"),
        ),
    ],
)
def test_only_colours_and_pictures_are_taken(said: object, brand: Brand | None) -> None:
    assert read_brand(said) == brand


@pytest.mark.parametrize(
    "logo",
    [
        'https://x.example/");}body{display:none',
        "https://x.example;script-src/l.png",
        "https://x.example,evil/l.png",
        "https://[::1/l.png",
        "https://user@x.example/l.png",
        "https:///l.png",
        "data:image/svg+xml;base64,AAAA",
        'data:image/png;base64,AA"AA',
        "javascript:alert(1)",
    ],
)
def test_no_logo_breaks_out_of_its_place(logo: str) -> None:
    assert read_brand({"logo_url": logo}) is None


def test_the_policy_learns_the_site_of_a_logo_and_no_more() -> None:
    assert Brand(logo="https://Clinic.example:8443/a/l.png").logo_origin == (
        "https://clinic.example:8443"
    )
    assert Brand(logo=PICTURE).logo_origin is None


def test_the_style_sheet_holds_both_schemes_and_the_logo() -> None:
    brand = Brand(logo=PICTURE, accent="#7a1f5c")
    sheet = stylesheet(brand)
    assert "--accent: #7a1f5c" in sheet
    assert "prefers-color-scheme: dark" in sheet
    assert f'url("{PICTURE}")' in sheet
    assert ".brand" not in stylesheet(Brand(accent="#7a1f5c"))
    assert version(brand) != version(Brand(accent="#7a1f5d"))


def test_the_usual_colours_are_those_of_the_pages() -> None:
    from tests.architecture.sources import WEB

    tokens = (WEB / "ui" / "tokens.css").read_text()
    light, dark = tokens.split("prefers-color-scheme: dark", 1)
    for scheme, text in ((LIGHT, light), (DARK, dark)):
        for name, color in vars(scheme).items():
            assert f"--{name.replace('_', '-')}: {color};" in text

"""How a page looks under somebody's brand: always readable, and never more than logo and colours.

What is given may come from outside, so what is not plainly a colour or a picture is passed over.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

TEXT_CONTRAST: Final = 4.5  # WCAG 2.2, 1.4.3
BLACK, WHITE = "#000000", "#ffffff"

_COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_HOST: Final = re.compile(r"[a-z0-9.-]+(:\d{1,5})?")
_ADDRESS: Final = re.compile(r"""https://[^\s"'<>\\]{1,1024}""")
_PICTURE: Final = re.compile(
    r"data:image/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/]{1,200000}={0,2}"
)


@dataclass(frozen=True)
class Brand:
    """A logo, as an https:// or data: address, and colours as #rrggbb."""

    logo: str | None = None
    accent: str | None = None
    accent_text: str | None = None
    background: str | None = None
    text: str | None = None

    @property
    def logo_origin(self) -> str | None:
        """The site that the logo comes from, for the content security policy."""
        if self.logo is None or self.logo.startswith("data:"):
            return None
        return f"https://{urlsplit(self.logo).netloc.lower()}"


@dataclass(frozen=True)
class Scheme:
    """The usual colours of one colour scheme (web/src/ui/tokens.css)."""

    ground: str
    surface: str
    surface_quiet: str
    ink: str
    accent: str


LIGHT: Final = Scheme("#f4f6f7", "#ffffff", "#edf1f3", "#17222b", "#0b6660")
DARK: Final = Scheme("#0f161b", "#18222a", "#212d36", "#e9eff2", "#5ccabf")


def read_brand(said: Any) -> Brand | None:
    """The brand in a domain's configuration; None if nothing in it can be used."""
    if not isinstance(said, Mapping):
        return None
    colors = said.get("colors")
    colors = colors if isinstance(colors, Mapping) else {}
    names = ("accent", "accent_text", "background", "text")
    brand = Brand(_logo(said.get("logo_url")), *(_color(colors.get(name)) for name in names))
    return None if brand == Brand() else brand


def _color(said: Any) -> str | None:
    return said.lower() if isinstance(said, str) and _COLOR.fullmatch(said) else None


def _logo(said: Any) -> str | None:
    if not isinstance(said, str):
        return None
    if _PICTURE.fullmatch(said):
        return said
    try:
        host = urlsplit(said).netloc.lower()
    except ValueError:
        return None
    return said if _ADDRESS.fullmatch(said) and _HOST.fullmatch(host) else None


def luminance(color: str) -> float:
    """Relative luminance, 0 to 1, as WCAG defines it."""
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21, as WCAG defines it."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def mix(color: str, other: str, share: float) -> str:
    """The colour with this share of the other one in it."""
    parts = []
    for start in (1, 3, 5):
        own, added = int(color[start : start + 2], 16), int(other[start : start + 2], 16)
        parts.append(round(own + (added - own) * share))
    return "#" + "".join(f"{part:02x}" for part in parts)


def readable(color: str, grounds: Iterable[str]) -> str:
    """The nearest colour, towards black or white, that can be read on each of these grounds."""
    on = list(grounds)

    def worst(candidate: str) -> float:
        return min(contrast(candidate, ground) for ground in on)

    away = max((BLACK, WHITE), key=worst)
    for percent in range(0, 101, 5):
        moved = mix(color, away, percent / 100)
        if worst(moved) >= TEXT_CONTRAST:
            return moved
    return away


def palette(brand: Brand, usual: Scheme) -> dict[str, str]:
    """The custom properties of a page under this brand, in one colour scheme.

    A background counts only in the scheme that it is bright or dark enough for: whoever asked for
    dark pages gets no white one.
    """
    is_light = usual == LIGHT
    ground, surface, quiet = usual.ground, usual.surface, usual.surface_quiet
    if brand.background and (luminance(brand.background) > 0.4) == is_light:
        ground = brand.background
        surface = mix(ground, WHITE, 0.7 if is_light else 0.05)
        quiet = mix(ground, BLACK if is_light else WHITE, 0.03 if is_light else 0.09)
    grounds = (ground, surface, quiet)
    ink = readable(brand.text or usual.ink, grounds)
    accent = readable(brand.accent or usual.accent, grounds)
    best = max((BLACK, WHITE), key=lambda each: contrast(each, accent))
    on_accent = readable(brand.accent_text or best, [accent])
    further = BLACK if luminance(on_accent) > luminance(accent) else WHITE
    return {
        "--ground": ground,
        "--surface": surface,
        "--surface-quiet": quiet,
        "--ink": ink,
        "--ink-quiet": readable(mix(ink, ground, 0.3), grounds),
        "--accent": accent,
        "--accent-strong": mix(accent, further, 0.2),
        "--on-accent": on_accent,
    }


@lru_cache(maxsize=256)
def stylesheet(brand: Brand) -> str:
    """The style sheet that gives a page this brand, loaded after the page's own."""
    rules = [f":root {{{_declared(palette(brand, LIGHT))}}}"]
    dark = f":root {{{_declared(palette(brand, DARK))}}}"
    rules.append(f"@media (prefers-color-scheme: dark) {{{dark}}}")
    if brand.logo:
        rules.append(f'.brand {{display: block; background-image: url("{brand.logo}")}}')
    return "\n".join(rules)


def version(brand: Brand) -> str:
    """Changes with the brand, so that browsers may keep its style sheet."""
    return hashlib.sha256(stylesheet(brand).encode()).hexdigest()[:12]


def _declared(properties: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in properties.items())

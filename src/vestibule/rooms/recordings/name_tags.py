"""People's names in the picture."""

import functools
import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

# The first that is installed is taken. Pillow's own font has only the letters of English.
FONTS = ("NotoSans-Regular.ttf", "DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf")
BACKDROP = 0.55
BLACK, WHITE = 16, 235

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True)
class Tag:
    """A picture of a name: `brightness` 16..235, to be laid over with `opacity` 0..1."""

    brightness: NDArray[np.float32]
    opacity: NDArray[np.float32]


@functools.lru_cache(maxsize=256)
def name_tag(name: str, *, height: int, max_width: int) -> Tag | None:
    """The name in one line, shortened to fit; with an even `height`, its width is even too.

    None if not even one letter fits, or there is no name.
    """
    font, is_complete = _font(max(8, int(height * 0.6)))
    text = _shorten(
        " ".join((name if is_complete else _plain(name)).split()), font, max_width - height
    )
    if not text:
        return None
    width = int((font.getlength(text) + height) / 2) * 2
    letters = Image.new("L", (width, height), 0)
    ImageDraw.Draw(letters).text((width / 2, height / 2), text, fill=255, font=font, anchor="mm")
    coverage = np.asarray(letters, np.float32) / np.float32(255)
    brightness = np.float32(BLACK) + np.float32(WHITE - BLACK) * coverage
    return Tag(brightness, np.maximum(coverage, np.float32(BACKDROP)))


@functools.lru_cache(maxsize=32)
def _font(size: int) -> tuple[Font, bool]:
    """A font, and whether it has more than the letters of English."""
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size), True
        except OSError:
            continue
    return ImageFont.load_default(size), False


def _plain(name: str) -> str:
    """The name without accents, and without letters that then are not English."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def _shorten(text: str, font: Font, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…" if text else ""

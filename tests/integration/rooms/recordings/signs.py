"""Pictures and sound by which a recording can be measured.

A picture has a frame number as sixteen black or white blocks in its top row, a patch of the
person's colour in its lower right corner, and a field that flashes for a tenth of every second. The
tone is heard exactly while it flashes. signs.js shows the same in a browser.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 240
BITS = 16
BLOCK = WIDTH // BITS
PATCH = 40
SIGN_SECONDS = 0.1
RATE = 48_000
DIM, BRIGHT = 80, 230


class Look(NamedTuple):
    """How a person is told from others: two colour differences, and a tone in hertz."""

    blue: int
    red: int
    hertz: int


ADA = Look(blue=180, red=90, hertz=1000)
BEN = Look(blue=90, red=180, hertz=1700)
CLEO = Look(blue=90, red=90, hertz=2200)
SCREEN = Look(blue=170, red=160, hertz=2600)


def picture(number: int, *, flashes: bool, look: Look) -> NDArray[np.uint8]:
    """A yuv420p picture."""
    bright = np.full((HEIGHT, WIDTH), BRIGHT if flashes else DIM, np.uint8)
    for bit in range(BITS):
        is_set = number >> (BITS - 1 - bit) & 1
        bright[:BLOCK, bit * BLOCK : (bit + 1) * BLOCK] = BRIGHT if is_set else 16
    bright[-PATCH:, -PATCH:] = 128
    colours = []
    for value in (look.blue, look.red):
        colour = np.full((HEIGHT // 2, WIDTH // 2), 128, np.uint8)
        colour[-PATCH // 2 :, -PATCH // 2 :] = value
        colours.append(colour.reshape(-1))
    return np.concatenate([bright.reshape(-1), *colours]).reshape(HEIGHT * 3 // 2, WIDTH)


def is_sign_time(seconds: float) -> bool:
    """True while the field flashes and the tone is heard."""
    return seconds % 1 < SIGN_SECONDS


def tone(first_sample: int, count: int, *, look: Look) -> NDArray[np.int16]:
    """Sound from a sample number on."""
    samples = np.arange(first_sample, first_sample + count)
    heard = samples / RATE % 1 < SIGN_SECONDS
    wave = 0.4 * np.sin(2 * np.pi * look.hertz * samples / RATE)
    return (heard * wave * 32_767).astype(np.int16)

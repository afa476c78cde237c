"""How heavy the call page is for whoever opens it."""

import gzip
import re
from pathlib import Path

STATIC = Path(__file__).parents[2] / "src" / "vestibule" / "static"
MOST_BYTES = 90 * 1024
"""Of script and style together, as they travel (issue 4)."""


def packed(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), compresslevel=9))


def linked(file: Path) -> list[Path]:
    """What this page or script needs at once; not what it fetches only when it is needed."""
    text = file.read_text()
    if file.suffix == ".html":
        names = re.findall(r'(?:src|href)="(/assets/[^"]+\.(?:js|css))"', text)
        return [STATIC / name.lstrip("/") for name in names]
    return [file.parent / name for name in re.findall(r'(?:from|import)"\./([^"]+\.js)"', text)]


def weight(page: str) -> dict[str, int]:
    """The packed size of each file that the page needs, and of its largest language."""
    needed: set[Path] = set()
    new = set(linked(STATIC / page))
    while new:
        needed |= new
        new = {next_ for file in new if file.suffix == ".js" for next_ in linked(file)} - needed
    languages = set(STATIC.glob("assets/call-*.js")) - needed
    largest = max(languages, key=packed)
    return {file.name: packed(file) for file in [*needed, largest]}


def test_the_call_page_weighs_at_most_90_kilobytes() -> None:
    sizes = weight("call.html")
    assert len(sizes) >= 4, "the page's files were not found"
    assert sum(sizes.values()) <= MOST_BYTES, sizes

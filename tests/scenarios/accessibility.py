"""Looks for barriers on a page, as far as a program can see them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

FIND = """async () => {
  const rules = { "target-size": { enabled: true } }; // of WCAG 2.2, and off unless asked for
  const { passes, violations } = await axe.run(document, { rules });
  const places = ({ nodes }) => nodes.map((node) => node.html + ' ' + node.failureSummary);
  return {
    passed: passes.length,
    found: violations.map((rule) => [rule.id, rule.help, ...places(rule)].join(' | ')),
  };
}"""


def assert_no_barrier(page: Page, schemes: Sequence[Literal["light", "dark"]] = SCHEMES) -> None:
    """Fail with every violation of axe-core's rules, in the light and in the dark scheme."""
    page.evaluate(AXE.read_text())
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        result = page.evaluate(FIND)
        assert result["passed"] > 5, "axe found hardly anything to check"
        assert result["found"] == [], f"in the {scheme} scheme of {page.title()!r}"


def assert_fits(page: Page, width: int) -> None:
    """Fail if the page must be scrolled sideways in a window of so many pixels (WCAG 1.4.10)."""
    page.set_viewport_size({"width": width, "height": 800})
    needed = page.evaluate("document.documentElement.scrollWidth")
    assert needed <= width, f"{page.title()!r} is {needed} pixels wide"

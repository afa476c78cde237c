"""The pins are exact, checked by hash, and the ones that the project file asks for."""

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.architecture.sources import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
ASKED_FOR: dict[str, list[str]] = {
    "runtime": PROJECT["project"]["dependencies"],
    **PROJECT["dependency-groups"],
}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(name: str) -> dict[str, str]:
    """Package and version of each entry in one requirements file, all of which have hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    entries = re.findall(r"^([\w.-]+)==(\S+)(?: ;[^\\\n]*)? \\\n +--hash=sha256:", text, re.M)
    beginnings = re.findall(r"^[^\s#]", text, re.M)
    assert len(entries) == len(beginnings), f"an entry of {name}.txt has no version or no hash"
    return {canonical(package): version for package, version in entries}


def test_every_list_of_packages_is_pinned() -> None:
    assert {file.stem for file in (ROOT / "requirements").iterdir()} == set(ASKED_FOR)


@pytest.mark.parametrize("name", ASKED_FOR)
def test_the_pins_are_what_the_project_file_asks_for(name: str) -> None:
    pinned = pins(name)
    wanted = [Requirement(text) for text in ASKED_FOR[name]]

    unmet = [
        str(requirement)
        for requirement in wanted
        if not requirement.specifier.contains(pinned.get(canonical(requirement.name), "0"))
    ]

    assert unmet == [], "run 'make lock'"


def test_tools_and_product_agree_on_versions() -> None:
    product = pins("runtime")

    different = {
        name for name, version in pins("dev").items() if product.get(name, version) != version
    }

    assert different == set()

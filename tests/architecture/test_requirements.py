"""The pins are exact, checked by hash, and the ones that the project file asks for."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.architecture.sources import PACKAGE, ROOT

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


def imported_by(files: Iterable[Path]) -> set[str]:
    """The names of the packages that these files import, ours and Python's own left out."""
    modules = set[str]()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                modules |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module)
    roots = {module.partition(".")[0] for module in modules}
    foreign = roots - set(sys.stdlib_module_names) - {"vestibule", "tests", "scripts", "benchmarks"}
    owners = packages_distributions()
    return {canonical(owner) for root in foreign for owner in owners.get(root, [root])}


def declared(*lists: str) -> set[str]:
    return {canonical(Requirement(text).name) for name in lists for text in ASKED_FOR[name]}


def test_what_the_product_imports_is_installed_with_it() -> None:
    assert imported_by(PACKAGE.rglob("*.py")) - declared("runtime") == set()


def test_what_the_tests_import_is_installed_with_them() -> None:
    files = [
        file
        for folder in ("tests", "scripts", "benchmarks")
        for file in (ROOT / folder).rglob("*.py")
    ]

    assert imported_by(files) - declared("runtime", "dev", "contract") == set()


def test_tools_and_product_agree_on_versions() -> None:
    product = pins("runtime")

    different = {
        name for name, version in pins("dev").items() if product.get(name, version) != version
    }

    assert different == set()

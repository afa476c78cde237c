"""Who may import whom."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import PACKAGE, ROOT, WEB, named

# What each part of web/src may import besides itself.
WEB_PARTS = {
    "protocol": set[str](),
    "core": {"protocol"},
    "ui": {"core"},
    "bridge": {"core", "protocol"},
    "embed": set[str](),
    "call-page": {"bridge", "core", "protocol", "ui"},
    "join-page": {"core", "ui"},
    "console": {"core", "ui"},
    "invite-page": {"core", "ui"},
    "docs-page": {"ui"},
    "missing-page": {"ui"},
}


def test_the_import_contracts_of_the_project_file_hold() -> None:
    checked = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


def stores_imported_by(file: Path) -> list[str]:
    """The slices (`rooms.calls`) whose store this file imports."""
    imported = []
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        found = (re.match(r"vestibule\.(\w+\.\w+)\.store\b", name) for name in names)
        imported += [match[1] for match in found if match]
    return imported


def test_a_store_is_imported_only_by_its_own_slice() -> None:
    strangers = [
        f"{named(file)} imports the store of {slice_}"
        for file in PACKAGE.rglob("*.py")
        for slice_ in stores_imported_by(file)
        if not file.is_relative_to(PACKAGE / slice_.replace(".", "/"))
    ]

    assert strangers == []


def web_parts_imported_by(file: Path) -> set[str]:
    """The folders of web/src that this file reaches into with relative imports."""
    targets = re.findall(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""", file.read_text())
    places = [(file.parent / target).resolve() for target in targets]
    return {place.relative_to(WEB).parts[0] for place in places}


def test_the_parts_of_the_web_pages_import_downwards_only() -> None:
    files = [file for ending in ("*.ts", "*.tsx") for file in WEB.rglob(ending)]
    wrong = [
        f"{named(file)} imports {other}"
        for file in files
        for own in [file.relative_to(WEB).parts[0]]
        for other in sorted(web_parts_imported_by(file) - WEB_PARTS[own] - {own})
    ]

    assert files
    assert wrong == []

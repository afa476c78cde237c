"""An installation, and the document that describes its APIs."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from vestibule.assembly import Vestibule, build
from vestibule.assembly.documentation import described
from vestibule.settings import Settings

Document = dict[str, Any]


@pytest.fixture(scope="module")
def vestibule(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Vestibule]:
    """An installation of which only the routes are looked at."""
    data = tmp_path_factory.mktemp("documented")
    shutil.copy(migrated_sqlite, data / "vestibule.sqlite3")
    vestibule = build(Settings(data=data, base_url="https://video.clinic.example"))
    yield vestibule
    vestibule.shared.database.close()


@pytest.fixture(scope="module")
def document(vestibule: Vestibule) -> Document:
    """The document that it serves."""
    return described(vestibule.http, "https://video.clinic.example")

"""The project's own files, as the rules of this folder read them."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "vestibule"
WEB = ROOT / "web" / "src"
WHAT_IS_COMMITTED = ["--cached", "--others", "--exclude-standard"]  # or will be


def project_files() -> list[Path]:
    """Every file that is committed or about to be."""
    return [file for file in project_entries() if file.is_file() and not file.is_symlink()]


def project_entries() -> list[Path]:
    """Those files, and links."""
    listed = subprocess.run(
        # the checkout may belong to another user, as in a container
        [*("git", "-c", "safe.directory=*", "ls-files", "-z"), *WHAT_IS_COMMITTED],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def named(file: Path) -> str:
    """How a message names a file."""
    return str(file.relative_to(ROOT))

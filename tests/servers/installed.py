"""The product as whoever installs it has it: from the wheel, in an environment of its own."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def build_wheel(folder: Path) -> Path:
    """The wheel of this checkout, made as `make wheel` makes it."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("vestibule-*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """A new environment with the wheel in it; its Python.

    The packages that the wheel asks for are those of the tests' own environment, found behind
    the new one's: nothing is fetched.
    """
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    uv = shutil.which("uv") or CHECKOUT / ".uv/bin/uv"  # whichever scripts/setup took
    subprocess.run(
        [uv, "pip", "install", "--python", python, "--no-deps", "--offline", "--no-index", wheel],
        check=True,
        capture_output=True,
        env=clean_environment(),
    )
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(f"{sysconfig.get_paths()['purelib']}\n")
    return python


def clean_environment() -> dict[str, str]:
    """Ours without what leads Python or Vestibule to this checkout."""
    return {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONPATH" and not name.startswith("VESTIBULE_")
    }

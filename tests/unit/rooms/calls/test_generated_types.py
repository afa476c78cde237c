"""The browser's types are those of the server's messages."""

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[4]


def test_the_generated_types_are_current() -> None:
    check = subprocess.run(
        [sys.executable, "scripts/generate_protocol.py", "--check"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stderr

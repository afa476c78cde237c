"""The reference page of properties is that of the table."""

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[4]


def test_the_page_of_properties_is_current() -> None:
    check = subprocess.run(
        [sys.executable, "scripts/generate_room_properties.py", "--check"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stderr

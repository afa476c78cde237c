"""The command line, run to its end as a process of its own."""

import os
import subprocess
import sys


def vestibule(
    *arguments: str, program: str = sys.executable, seconds: float = 120, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run `vestibule …` with no settings but these variables."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("VESTIBULE_")
    }
    return subprocess.run(
        [program, "-m", "vestibule", *arguments],
        capture_output=True,
        text=True,
        timeout=seconds,
        env={**environment, **variables},
        check=False,
    )

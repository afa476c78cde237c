"""The command line, run to its end as a process of its own."""

import os
import subprocess
import sys

PATIENCE_SECONDS = 180


def vestibule(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `vestibule …` with no settings but these variables."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("VESTIBULE_")
    }
    return subprocess.run(
        [sys.executable, "-m", "vestibule", *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        env={**environment, **variables},
        check=False,
    )

"""`python -m benchmarks [PART …] [--json]`: runs parts, all by default, and prints their rows.

A part is a package or module of this folder with a function `run() -> Iterable[Row]`, named in
PARTS. It measures its floor in the same run, in turns with its subject.
"""

import argparse
import importlib
import json
import sys

from benchmarks.rows import Row, table

PARTS = ["api", "join", "record", "storm"]


def main() -> int:
    """Run what was asked for; 0 if every aim was reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--json", action="store_true", help="print rows for programs")
    asked = parser.parse_args()
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; parts: {', '.join(PARTS)}")
    rows: dict[str, list[Row]] = {}
    for part in asked.parts or PARTS:
        rows[part] = list(importlib.import_module(f"benchmarks.{part}").run())
        if not asked.json:
            print(f"\n{part}\n\n{table(rows[part])}", flush=True)
    if asked.json:
        print(json.dumps({part: [row.as_json() for row in rows[part]] for part in rows}, indent=1))
    return 1 if any(row.verdict == "NO" for part in rows.values() for row in part) else 0


if __name__ == "__main__":
    sys.exit(main())

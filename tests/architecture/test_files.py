"""What no committed file may be called or say."""

import re

from tests.architecture.sources import ROOT, named, project_entries, project_files

VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}

# Written in pieces, so that this file does not find itself.
REGISTRIES = [
    *("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "yarnpkg" + ".com"),
    "deb.debian" + ".org",
]
MACHINE_PATHS = re.compile(
    r"(?<![\w.~-])/(?:" + "|".join(["root", "work", "Users", r"home/\w+"]) + r")/"
)

MAX_BYTES = 1_000_000


def texts() -> dict[str, str]:
    """Every committed text file by name."""
    read = {named(file): file.read_bytes() for file in project_files()}
    return {name: data.decode() for name, data in read.items() if b"\0" not in data}


def test_no_name_is_so_vague_that_anything_could_move_in() -> None:
    vague = [
        named(file)
        for file in project_files()
        if VAGUE_NAMES & {part.split(".")[0] for part in file.relative_to(ROOT).parts}
    ]

    assert vague == []


def test_no_file_names_a_package_registry() -> None:
    found = [(name, host) for name, text in texts().items() for host in REGISTRIES if host in text]

    assert found == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    found = [
        (name, path[0]) for name, text in texts().items() if (path := MACHINE_PATHS.search(text))
    ]

    assert found == []


def test_no_file_is_a_link_into_somebody_s_machine() -> None:
    assert [named(entry) for entry in project_entries() if entry.is_symlink()] == []


def test_no_file_is_huge() -> None:
    huge = [named(file) for file in project_files() if file.stat().st_size > MAX_BYTES]

    assert huge == []

"""A file or function that outgrows its subject is split, not scrolled."""

import ast
from pathlib import Path
from statistics import median

from tests.architecture.sources import PACKAGE, WEB, named

Function = ast.FunctionDef | ast.AsyncFunctionDef

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
MAX_MEDIAN_FUNCTION_LINES = 12

# A list, not logic: each line stands for itself.
LONG_LISTS: dict[str, set[str]] = {
    "src/vestibule/assembly/appointments.py": {"build_appointments"},
    "src/vestibule/assembly/rooms.py": {"build_rooms"},
}


def hand_written() -> list[Path]:
    """Production code; migrations and generated files are records, not code that is read."""
    python = [file for file in PACKAGE.rglob("*.py") if "versions" not in file.parts]
    web = [file for ending in ("*.ts", "*.tsx") for file in WEB.rglob(ending)]
    return python + [file for file in web if ".gen." not in file.name]


def lines_of(function: Function) -> int:
    """The lines of a function, without those of the functions defined in it."""
    inner = [node for node in ast.walk(function) if isinstance(node, Function)][1:]
    own = set(range(function.lineno, (function.end_lineno or 0) + 1))
    return len(own.difference(*(range(node.lineno, (node.end_lineno or 0) + 1) for node in inner)))


def functions(file: Path) -> list[tuple[str, int]]:
    """Name and lines of each function in a Python file."""
    tree = ast.parse(file.read_text())
    return [(node.name, lines_of(node)) for node in ast.walk(tree) if isinstance(node, Function)]


def all_functions() -> list[tuple[str, str, int]]:
    """File, name and lines of each function that the limits hold for."""
    return [
        (named(file), name, lines)
        for file in hand_written()
        if file.suffix == ".py"
        for name, lines in functions(file)
        if name not in LONG_LISTS.get(named(file), ())
    ]


def test_no_file_is_too_long_to_have_one_subject() -> None:
    lengths = {named(file): len(file.read_text().splitlines()) for file in hand_written()}

    assert {name: lines for name, lines in lengths.items() if lines > MAX_FILE_LINES} == {}


def test_no_function_is_too_long_to_take_in() -> None:
    too_long = [entry for entry in all_functions() if entry[2] > MAX_FUNCTION_LINES]

    assert too_long == []


def test_most_functions_are_short() -> None:
    assert median(lines for _, _, lines in all_functions()) <= MAX_MEDIAN_FUNCTION_LINES

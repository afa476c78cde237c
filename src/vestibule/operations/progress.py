"""Bars on standard error for work that takes long; standard output stays for answers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def bar(what: str, total: int) -> Iterator[Callable[[str, int], None]]:
    """A bar that advances when it is called with what is being done and by how much."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=total)

        def advance(part: str, by: int) -> None:
            progress.update(task, description=f"{what}: {part}", advance=by)

        yield advance
        progress.update(task, description=what, completed=total)

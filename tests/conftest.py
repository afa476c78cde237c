"""What every test can ask for: fresh databases, a Redis, windows of a real browser."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import hypothesis
import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.scenarios.outside import OutsideRequests
from tests.servers import chromium
from tests.servers.postgresql import PostgreSQL
from tests.servers.redis import Redis
from vestibule.migrations import upgrade

TOOK: Final = "took"
"""The property with which a test says how long something took."""


def pytest_configure() -> None:
    """Let tests find Node where setting up put it, and wait as long as a slow machine needs."""
    expect.set_options(timeout=20_000)
    hypothesis.settings.register_profile("any machine", deadline=None)
    hypothesis.settings.load_profile("any machine")
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests with a browser a second try.

    Live media has deadlines of its own, which a machine that was busy elsewhere misses
    (docs/decisions/0043-a-second-try.md). The summary names how many needed it.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep each file on one worker, and all that drive a browser on the same one.

    So servers of a module are started once, and browsers do not compete for the few cores.
    """
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

    class ByFile(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return "browser" if drives_a_browser(config.rootpath / file) else file

    return ByFile(config, log)


@cache
def drives_a_browser(file: Path) -> bool:
    """Whether the tests of a file are marked so."""
    return "pytest.mark.browser" in file.read_text()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have measured, also those that passed elsewhere."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == TOOK:
                terminalreporter.write_line(f"took: {value}")


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """Coroutine tests run on the loop that the product runs on."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server of this test run's own."""
    server = PostgreSQL()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis server of this test run's own."""
    server = Redis()
    try:
        server.start()
        yield server.url
    finally:
        server.stop()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the newest schema, to be copied."""
    file = tmp_path_factory.mktemp("template") / "template.sqlite3"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: PostgreSQL) -> str:
    """The name of a database with the newest schema, to be cloned."""
    name = postgresql.create_database()
    upgrade(postgresql.url(name))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database with the newest schema; the test runs once on each engine."""
    if request.param == "sqlite":
        file = tmp_path / "vestibule.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
        yield f"sqlite:///{file}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = server.create_database(template=request.getfixturevalue("migrated_postgresql"))
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL, migrated_postgresql: str) -> Iterator[str]:
    """A fresh PostgreSQL database with the newest schema."""
    name = postgresql.create_database(template=migrated_postgresql)
    yield postgresql.url(name)
    postgresql.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database without any schema; the test runs once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = server.create_database()
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium, ended with its module: while it runs, coroutine tests cannot."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium.program(), args=chromium.FLAGS
        )
        yield running
        running.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """Makes browser profiles, each of another person: they share no cookie and no storage.

    No page that is opened in one may ask an outside host for anything.
    """
    people: list[BrowserContext] = []
    outside = OutsideRequests()

    def new_context() -> BrowserContext:
        people.append(browser.new_context())
        outside.watch(people[-1])
        return people[-1]

    yield new_context
    for person in people:
        person.close()
    assert outside.addresses == [], "a page asked an outside host for something"

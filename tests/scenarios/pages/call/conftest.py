"""One clinic for all calls: these scenarios make rooms of their own, and change nothing else."""

from collections.abc import Iterator

import pytest

from tests.scenarios.pages.conftest import Clinic
from tests.servers.vestibule import VestibuleProcess


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    process = VestibuleProcess(tmp_path_factory.mktemp("clinic"))
    process.start()
    yield Clinic(process)
    process.stop()

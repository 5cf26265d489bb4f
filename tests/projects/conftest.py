"""One machine for all tests of a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.projects.machine import Machine, running_machine

#: The table's repositories contain their own tests, which are not this project's.
collect_ignore = ["repositories"]


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """The machine that all jobs share; no request of it left this machine."""
    with running_machine(Path(tmp_path_factory.mktemp("machine"))) as made:
        yield made
        assert made.index.refused == []

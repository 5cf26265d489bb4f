"""One machine for the tests of a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.projects.machine import Machine, running_machine

#: The table's repositories have tests of their own, which are not ours.
collect_ignore = ["repositories"]


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """What all jobs share; nothing of it reached out of the machine."""
    with running_machine(Path(tmp_path_factory.mktemp("machine"))) as made:
        yield made
        assert made.index.refused == []

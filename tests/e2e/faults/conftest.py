"""One sandbox for a module; a repository, stack and AWS account of its own for each test."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.e2e.conftest import Project, new_project, running_world
from tests.e2e.faults.small import Small, new_small

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project whose stacks share only the sandbox."""
    folder = tmp_path_factory.mktemp("faults")
    with running_world(folder, checkpoints=True) as world:
        yield new_project(world, folder)
        # If the emulator does not know a request, the results of the test prove little.
        assert world.control("GET", "requests")["unserved"] == []


@pytest.fixture
def small(project: Project) -> Small:
    """A new repository."""
    return new_small(project, next(_NUMBERS))

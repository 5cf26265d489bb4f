"""The examples of docs/explain.md are what `slipway explain` prints about the sample stack."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.home import PROJECT
from tests.e2e.conftest import Project, running_world, sample_project
from tests.e2e.test_readme import blocks

DOCUMENT = (PROJECT / "docs/explain.md").read_text(encoding="utf-8")
EXAMPLES = blocks("console", DOCUMENT)
(EVENT,) = blocks("json", DOCUMENT)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The sample stack."""
    folder: Path = tmp_path_factory.mktemp("document")
    with running_world(folder) as world:
        project = sample_project(world, folder)
        project.write("event.json", EVENT)
        project.up("sandbox")
        yield project


def test_there_are_examples() -> None:
    """The document has an example of a job and one of CloudTrail's event."""
    assert len(EXAMPLES) == 2


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_is_what_the_command_prints(project: Project, number: int) -> None:
    """Each line of an example is printed, in this order, and no other line is."""
    command, _, expected = EXAMPLES[number].partition("\n")
    program, *arguments = command.removeprefix("$ ").split()
    assert program == "slipway"
    done = project.slipway(*arguments, expect=1)
    assert done.stdout == expected
    assert done.stderr == ""

"""The examples of docs/explain.md are what `slipway explain` prints about the sample stack."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.home import PROJECT
from tests.e2e.conftest import Project, running_world, sample_project
from tests.e2e.rights import called, documented, least_rights, refused
from tests.e2e.test_readme import blocks

DOCUMENT = (PROJECT / "docs/explain.md").read_text(encoding="utf-8")
EXAMPLES = blocks("console", DOCUMENT)
(EVENT,) = blocks("json", DOCUMENT)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The sample stack, and after `up` no more rights than those to read it."""
    folder: Path = tmp_path_factory.mktemp("document")
    with running_world(folder) as running:
        project = sample_project(running, folder)
        project.write("event.json", EVENT)
        project.up("sandbox")
        rights = dict.fromkeys(documented("README.md"), "read")
        token = {"token": "reader", "login": "monalisa", "kind": "fine-grained"}
        running.control("POST", "seed", {"tokens": [token | {"permissions": rights}]})
        may_only_read(project)
        yield project
        assert refused(called(project)) == set()


def may_only_read(project: Project) -> None:
    """Let slipway's role in each account do what `slipway rights` says for drift."""
    least_rights(project, "sandbox")
    for account in (project.folder.parent / "rights/sandbox").iterdir():
        if account.is_dir():
            text = (account / "drift.json").read_text(encoding="utf-8")
            project.world.iam(account.name).put_role_policy(
                RoleName="slipway", PolicyName="onboard", PolicyDocument=text
            )
    project.world.aws("POST", "requests/reset")


def test_there_are_examples() -> None:
    """The document has an example of a job and one of CloudTrail's event."""
    assert len(EXAMPLES) == 2


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_is_what_the_command_prints(project: Project, number: int) -> None:
    """Each line of an example is printed, in this order, and no other line is."""
    command, _, expected = EXAMPLES[number].partition("\n")
    program, *arguments = command.removeprefix("$ ").split()
    assert program == "slipway"
    done = project.slipway(*arguments, expect=1, GITHUB_TOKEN="reader")
    assert done.stdout == expected
    assert done.stderr == ""

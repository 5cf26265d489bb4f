"""Objects on GitHub that exist before the first `up`, against Pulumi's state."""

from typing import Any

import pytest

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from components.objects.kinds import ENVIRONMENT, SECRET, VARIABLE, WORKFLOW
from operations.checks import existing
from operations.checks.check import Check, Result
from operations.checks.existing import read_known
from operations.engine.errors import failure
from operations.state.known_objects import Known
from tests.operations.checks.conftest import FILES, Looked
from tests.stacks import WriteStack

DECLARED = """\
# Ours
repository: c
environments: {prod: {secrets: [TOKEN], variables: {Level: info}}}
"""


def seeded(looked: Looked, **prod: Any) -> None:
    """Add a repository with an environment prod and one workflow file."""
    old = {".github/workflows/python-test.yml": "name: x\n"}
    environment = {"name": "Prod", **prod}
    found = {"owner": "acme", "name": "c", "files": FILES | old, "environments": [environment]}
    looked.seed(repositories=[found])


def check(looked: Looked, write_stack: WriteStack) -> Check:
    """Return the check of existing objects in a stack of this repository."""
    return looked.github(StackFiles(write_stack(c=DECLARED)))["existing objects"]


PLACES = frozenset(
    ("c", key)
    for key in (
        WORKFLOW.at("python-test.yml", "main"),
        *(ENVIRONMENT.at(name) for name in ("dev", "test", "prod")),
        *(VARIABLE.at(name, "AWS_ROLE_ARN") for name in ("dev", "test", "prod")),
        VARIABLE.at("prod", "LEVEL"),
        SECRET.at("prod", "TOKEN"),
    )
)


def test_a_variable_that_exists_stops_up(looked: Looked, write_stack: WriteStack) -> None:
    """An existing variable is a problem, as GitHub answers 409; an overwritten object is a notice.

    Upper and lower case make no difference, and undeclared objects are left alone.
    """
    seeded(looked, variables={"LEVEL": "old", "OTHER": "x"}, secrets={"token": "x", "MORE": "y"})
    found = check(looked, write_stack)
    (problem,) = map(str, found.problems)
    assert problem.startswith(
        "stacks/s/c.yaml:2: repository: acme/c has environment prod, variable"
    )
    assert "variable LEVEL already, and GitHub refuses to create one twice" in problem
    assert "slipway adopt s c" in problem
    (notice,) = map(str, found.notices)
    objects = "environment prod, environment prod, secret TOKEN, python-test.yml on main"
    assert f"acme/c has {objects} already, and `up` writes over it" in notice


def test_objects_without_a_variable_are_a_notice(looked: Looked, write_stack: WriteStack) -> None:
    """If only objects that `up` overwrites exist, the check is a notice without a problem."""
    seeded(looked)
    found = check(looked, write_stack)
    assert (found.result, found.problems, len(found.notices)) == (Result.NOTICE, (), 1)


@pytest.mark.parametrize("former", [False, True])
def test_what_the_state_has_is_the_stacks_own(
    looked: Looked, write_stack: WriteStack, *, former: bool
) -> None:
    """Objects in the state, under the present or a former name, are fine without a request."""
    seeded(looked, variables={"LEVEL": "old"}, secrets={"TOKEN": "x"})
    name = "was" if former else "c"
    looked.state = Known(frozenset((name, key) for _, key in PLACES))
    more = "previously: was\n" if former else ""
    files = StackFiles(write_stack(c=DECLARED + more))
    assert looked.github(files)["existing objects"].result is Result.OK
    routes = [row["route"] for row in looked.store.log.report()["routes"]]
    assert not [route for route in routes if "/environments" in route]


def test_a_renamed_repository_is_not_taken_over(looked: Looked, write_stack: WriteStack) -> None:
    """Objects that the state has under an undeclared former name are the stack's own."""
    seeded(looked, variables={"LEVEL": "old"}, secrets={"TOKEN": "x"})
    repository = looked.store.repository("acme", "c")
    assert repository is not None
    for name in ("Was", "c"):
        looked.store.move_repository(repository, repository.owner, name)
    looked.state = Known(
        frozenset(("was", key) for _, key in PLACES), repositories=frozenset({"Was"})
    )
    found = check(looked, write_stack)
    (problem,) = map(str, found.problems)
    assert problem.startswith("stacks/s/c.yaml:2: repository: was onboarded to this stack as Was:")
    assert "add `previously: Was` to its file" in problem
    assert not found.notices


def test_a_repository_beside_an_offboarded_one_is_taken_over(
    looked: Looked, write_stack: WriteStack
) -> None:
    """A repository in the state that is declared no more is no former name of another one."""
    seeded(looked, variables={"LEVEL": "old"})
    looked.state = Known(repositories=frozenset({"a", "gone"}))
    (problem,) = map(str, check(looked, write_stack).problems)
    assert "take what exists over with slipway adopt s c, or delete it" in problem


def test_an_unknown_state_says_nothing(looked: Looked, write_stack: WriteStack) -> None:
    """Without the state the owner of an object is unknown: the check is not asked, and says why."""
    seeded(looked, variables={"LEVEL": "old"})
    error = [Problem("pulumi", 0, "", "is not on PATH: install it")]
    looked.state = ConfigurationError(error, ExitCode.ERROR)
    found = check(looked, write_stack)
    assert (found.result, found.problems) == (Result.NOT_ASKED, ())
    assert found.answer == "Pulumi's state cannot be read: pulumi: is not on PATH: install it"


@pytest.mark.parametrize(
    ("role", "result"), [("acme.c-prod", Result.NOT_ASKED), ("other", Result.PROBLEM)]
)
def test_a_stack_that_is_elsewhere(
    looked: Looked, write_stack: WriteStack, role: str, result: Result
) -> None:
    """If an environment names the declared role, a missing stack is in another backend."""
    arn = f"arn:aws:iam::333333333333:role/slipway/{role}"
    seeded(looked, variables={"AWS_ROLE_ARN": arn})
    looked.state = None
    found = check(looked, write_stack)
    assert found.result is result
    assert ("log in where it is" in found.answer) is (result is Result.NOT_ASKED)


@pytest.mark.parametrize(
    ("output", "known"),
    [("error: no stack named 's' found", True), ("error: the passphrase is wrong", False)],
)
def test_a_stack_that_does_not_exist_has_no_state(
    monkeypatch: pytest.MonkeyPatch, output: str, *, known: bool
) -> None:
    """A missing stack has no state, which is no error; any other failure of Pulumi is one."""

    def refuse(stack: str) -> None:
        raise failure(("stack", "export", "--stack", stack), output)

    monkeypatch.setattr(existing, "export_state", refuse)
    assert (read_known("s") is None) is known

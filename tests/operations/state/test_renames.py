"""What the state has under a former name."""

from collections.abc import Callable
from typing import Any

import pytest

from components.config.stack_files import StackFiles
from operations.state import renames
from tests.stacks import WriteStack
from tests.stacks import write_stack as write_stack  # noqa: PLC0414 - a fixture

Said = Callable[..., list[str]]


class Redirecting:
    """A GitHub that knows one repository, by its former name too."""

    def __init__(self, **names: str) -> None:
        self.names = names
        self.asked: list[str] = []

    def get(self, path: str) -> Any:
        """The repository that a name leads to."""
        self.asked.append(path)
        now = self.names.get(path.rpartition("/")[2])
        return {"full_name": f"acme/{now}"} if now else None


def state(*names: str) -> dict[str, Any]:
    """A state with something of each repository."""
    kind = "github:index/repositoryEnvironment:RepositoryEnvironment"
    made = [{"type": kind, "inputs": {"repository": name}} for name in names]
    return {"deployment": {"resources": made}}


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Said:
    """The problems of a state with what was billing and what is api."""

    def said(files: StackFiles, github: Redirecting, *names: str) -> list[str]:
        monkeypatch.setattr(renames, "observing", lambda _owner, cache: github)  # noqa: ARG005
        found = renames.undeclared_renames(files, state("billing", "api"), names)
        return [str(one) for one in found]

    return said


def test_a_rename_that_is_not_declared_is_a_problem_of_its_file(
    write_stack: WriteStack, said: Said
) -> None:
    """Only what nobody declares is asked for."""
    files = StackFiles(write_stack(i="repository: Invoices\n", api="repository: api\n"))
    github = Redirecting(billing="invoices")
    (problem,) = said(files, github)
    assert problem.startswith(
        "stacks/s/i.yaml:1: repository: was onboarded to this stack as billing"
    )
    assert "add `previously: billing` to its file" in problem
    assert github.asked == ["repos/acme/billing"]


@pytest.mark.parametrize(
    ("declared", "leads_to"),
    [
        ("repository: invoices\npreviously: billing\n", "invoices"),
        ("repository: invoices\n", "billing"),
        ("repository: invoices\n", "elsewhere"),
        ("repository: invoices\n", ""),
    ],
)
def test_what_is_declared_still_there_elsewhere_or_gone_is_none(
    write_stack: WriteStack, said: Said, declared: str, leads_to: str
) -> None:
    """Offboarding is about these."""
    files = StackFiles(write_stack(i=declared, api="repository: api\n"))
    assert said(files, Redirecting(billing=leads_to)) == []


def test_adoption_is_no_way_round(write_stack: WriteStack, said: Said) -> None:
    """What would be adopted by its new name is in the state by its old one."""
    files = StackFiles(write_stack(api="repository: api\n"))
    (problem,) = said(files, Redirecting(billing="invoices"), "Invoices")
    assert problem.startswith("acme/invoices: was onboarded to this stack as billing")
    assert said(files, Redirecting(billing="billing"), "billing") == []

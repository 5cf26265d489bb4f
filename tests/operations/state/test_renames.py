"""Repositories that the state has under a former name."""

from collections.abc import Callable
from typing import Any

import pytest

from components.config.stack_files import StackFiles
from operations.state import renames
from tests.stacks import WriteStack
from tests.stacks import write_stack as write_stack  # noqa: PLC0414 - a fixture

Said = Callable[..., list[str]]


class Redirecting:
    """Stands in for a GitHub that finds a repository by its present and former names."""

    def __init__(self, **names: str) -> None:
        self.names = names
        self.asked: list[str] = []

    def get(self, path: str) -> Any:
        """Return the repository to which a name leads."""
        self.asked.append(path)
        now = self.names.get(path.rpartition("/")[2])
        return {"full_name": f"acme/{now}"} if now else None


def state(*names: str) -> dict[str, Any]:
    """Return a state with something of each repository."""
    kind = "github:index/repositoryEnvironment:RepositoryEnvironment"
    made = [{"type": kind, "inputs": {"repository": name}} for name in names]
    return {"deployment": {"resources": made}}


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Said:
    """Return the problems of a state with billing and api."""

    def said(files: StackFiles, github: Redirecting, *names: str) -> list[str]:
        monkeypatch.setattr(renames, "observing", lambda _owner, _where, cache: github)  # noqa: ARG005
        found = renames.undeclared_renames(files, state("billing", "api"), names)
        return [str(one) for one in found]

    return said


def test_an_undeclared_rename_is_a_problem_of_its_file(write_stack: WriteStack, said: Said) -> None:
    """An undeclared rename is a problem of the file with the new name."""
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
def test_a_declared_rename_is_no_problem(
    write_stack: WriteStack, said: Said, declared: str, leads_to: str
) -> None:
    """A declared rename, and an undeclared repository that is not renamed, are no problem."""
    files = StackFiles(write_stack(i=declared, api="repository: api\n"))
    assert said(files, Redirecting(billing=leads_to)) == []


def test_a_renamed_repository_cannot_be_adopted(write_stack: WriteStack, said: Said) -> None:
    """A renamed repository cannot be adopted by its new name while the state has the old one."""
    files = StackFiles(write_stack(api="repository: api\n"))
    (problem,) = said(files, Redirecting(billing="invoices"), "Invoices")
    assert problem.startswith("acme/invoices: was onboarded to this stack as billing")
    assert said(files, Redirecting(billing="billing"), "billing") == []

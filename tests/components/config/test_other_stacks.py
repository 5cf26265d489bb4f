"""Repositories, functions and roles that two stacks declare."""

from pathlib import Path

import pytest

from components.config.other_stacks import (
    declared_elsewhere,
    stacks_declaring,
    targets_elsewhere,
)
from components.config.stack_files import StackFiles
from tests.stacks import SETTINGS, WriteStack


def beside(name: str, settings: str = SETTINGS, text: str = "repository: a\n") -> None:
    """Add another stack to the same project."""
    folder = Path("stacks") / name
    folder.mkdir()
    (folder / "_stack.yaml").write_text(settings, encoding="utf-8")
    (folder / "a.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    ["repository: a\n", "repository: 'A' # mine\n", '"repository": a\n', "{repository: a}\n"],
)
def test_a_repository_of_two_stacks_is_found(write_stack: WriteStack, text: str) -> None:
    """A repository of two stacks is a problem in every YAML notation, in upper or lower case."""
    files = StackFiles(write_stack(a="repository: a\n", b="repository: b\n"))
    beside("t", text=text)
    (problem,) = declared_elsewhere(files)
    assert str(problem).startswith("stacks/s/a.yaml:1: repository: is declared in stacks/t/a.yaml")


def test_one_that_is_to_be_adopted_is_found(write_stack: WriteStack) -> None:
    """A repository to adopt is compared by its name, since it has no file yet."""
    files = StackFiles(write_stack(b="repository: b\n"))
    beside("t")
    assert declared_elsewhere(files) == []
    (problem,) = declared_elsewhere(files, ["A", "b", "c"])
    assert str(problem).startswith("A: is declared in stacks/t/a.yaml as well")


@pytest.mark.parametrize("name", ["example", "sandbox"])
def test_samples_are_no_stacks(write_stack: WriteStack, name: str) -> None:
    """Sample stacks are not compared: users who follow the README have the same repositories."""
    files = StackFiles(write_stack(a="repository: a\n"))
    beside(name)
    assert stacks_declaring(files) == {}
    (Path("stacks") / "s").rename("stacks/t")
    assert stacks_declaring(StackFiles(Path("stacks") / name)) == {}


def test_others_owners_and_others_mistakes_are_theirs(write_stack: WriteStack) -> None:
    """Repositories of other owners and unreadable files of other stacks are no problems here."""
    files = StackFiles(write_stack(a="repository: a\n"))
    beside("t", settings=SETTINGS.replace("acme", "umbrella"))
    beside("u", text="repository: [a\n")
    assert declared_elsewhere(files) == []


@pytest.mark.parametrize(
    ("mine", "others", "same"),
    [
        ("", "github: {host: github.com}\n", True),
        ("", "github:\n  host: octocorp.ghe.com\n", False),
        ("github: {host: octocorp.ghe.com}\n", "'github': {host: Octocorp.ghe.com}\n", True),
        ("github: {host: octocorp.ghe.com}\n", "", False),
        ("github: {host: octocorp.ghe.com}\n", "github: [\n", False),
        ("", "github: 7\n", True),
    ],
)
def test_a_repository_of_another_github_is_another_one(
    write_stack: WriteStack,
    mine: str,
    others: str,
    same: bool,  # noqa: FBT001 - a table
) -> None:
    """Equal names on different GitHubs are different repositories, e.g. while an owner moves."""
    files = StackFiles(write_stack(SETTINGS + mine, a="repository: a\n"))
    beside("t", settings=SETTINGS + others)
    assert bool(declared_elsewhere(files)) is same


def test_a_function_of_two_stacks_is_found(write_stack: WriteStack) -> None:
    """A function of two stacks is one problem at its declaration, even if their owners differ."""
    api = "deploy: {lambda_function: api}\n"
    files = StackFiles(write_stack(a=f"repository: a\n{api}", b="repository: b\n"))
    assert targets_elsewhere(files) == []
    beside("t", SETTINGS.replace("acme", "umbrella"), f"repository: x\n{api}")
    beside("u", text="repository: [a\n")
    (found,) = targets_elsewhere(files)
    assert str(found).startswith(
        "stacks/s/a.yaml:2: deploy.lambda_function: function 'api' in account 111111111111, "
        "eu-west-1 is deployed by stack t (x, dev) and by a, dev: name one for each"
    )


def test_a_role_of_two_stacks_is_found(write_stack: WriteStack) -> None:
    """A role name that two stacks declare for one account is a problem: IAM ignores case."""
    role = "environments: {prod: {role: {name: %s}}}\n"
    files = StackFiles(write_stack(a="repository: a\n" + role % "Deployer"))
    beside("t", SETTINGS.replace("acme", "umbrella"), "repository: x\n" + role % "deployer")
    (problem,) = targets_elsewhere(files)
    assert str(problem).startswith(
        "stacks/s/a.yaml:2: environments.prod.role.name: role 'Deployer' in account 333333333333 "
        "is that of stack t (x, prod) already"
    )


def test_a_repository_of_two_stacks_is_told_once(write_stack: WriteStack) -> None:
    """A repository of two stacks is reported once, without its roles and functions."""
    text = "repository: a\ndeploy: {lambda_function: api}\n"
    files = StackFiles(write_stack(a=text))
    beside("t", text=text)
    assert len(declared_elsewhere(files)) == 1
    assert targets_elsewhere(files) == []

"""A repository that two stacks declare."""

from pathlib import Path

import pytest

from components.config.other_stacks import declared_elsewhere, stacks_declaring
from components.config.stack_files import StackFiles
from tests.components.config.conftest import SETTINGS, WriteStack


def beside(name: str, settings: str = SETTINGS, text: str = "repository: a\n") -> None:
    """Another stack in the same project."""
    folder = Path("stacks") / name
    folder.mkdir()
    (folder / "_stack.yaml").write_text(settings, encoding="utf-8")
    (folder / "a.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    ["repository: a\n", "repository: 'A' # mine\n", '"repository": a\n', "{repository: a}\n"],
)
def test_a_repository_of_two_stacks_is_found(write_stack: WriteStack, text: str) -> None:
    """However it is written, and in whatever case."""
    files = StackFiles(write_stack(a="repository: a\n", b="repository: b\n"))
    beside("t", text=text)
    (problem,) = declared_elsewhere(files)
    assert str(problem).startswith("stacks/s/a.yaml:1: repository: is declared in stacks/t/a.yaml")


def test_one_that_is_to_be_adopted_is_found(write_stack: WriteStack) -> None:
    """It has no file here yet."""
    files = StackFiles(write_stack(b="repository: b\n"))
    beside("t")
    assert declared_elsewhere(files) == []
    (problem,) = declared_elsewhere(files, ["A", "b", "c"])
    assert str(problem).startswith("A: is declared in stacks/t/a.yaml as well")


@pytest.mark.parametrize("name", ["example", "sandbox"])
def test_samples_are_no_stacks(write_stack: WriteStack, name: str) -> None:
    """Whoever follows the README has their names."""
    files = StackFiles(write_stack(a="repository: a\n"))
    beside(name)
    assert stacks_declaring(files) == {}
    (Path("stacks") / "s").rename("stacks/t")
    assert stacks_declaring(StackFiles(Path("stacks") / name)) == {}


def test_others_owners_and_others_mistakes_are_theirs(write_stack: WriteStack) -> None:
    """An owner's repository is another one; what cannot be read is for its own stack to tell."""
    files = StackFiles(write_stack(a="repository: a\n"))
    beside("t", settings=SETTINGS.replace("acme", "umbrella"))
    beside("u", text="repository: [a\n")
    assert declared_elsewhere(files) == []

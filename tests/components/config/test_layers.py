"""Mappings by name are merged from the stack's defaults and a repository's file."""

import pytest

from components.config.stack_files import StackFiles
from components.model.defaults import Defaults
from components.model.repository import Repository
from tests.operations.live.reading import problems
from tests.stacks import SETTINGS, WriteStack


def test_defaults_and_a_file_are_laid_over_each_other_by_action(write_stack: WriteStack) -> None:
    """A repository overrides one action, removes another with `null`, and inherits the rest."""
    defaults = """\
defaults:
  actions:
    actions/checkout: v6
    actions/cache: v5
    actions/setup-python: v6
"""
    text = "repository: a\nactions: {actions/checkout: v7, actions/cache: null}\n"
    (repository,) = StackFiles(write_stack(SETTINGS + defaults, a=text)).stack.repositories
    assert repository.actions == {"actions/checkout": "v7", "actions/setup-python": "v6"}


def test_a_default_that_strict_refuses_is_shown_where_it_stands(write_stack: WriteStack) -> None:
    """The message names the stack's file, though the repository declares the profile."""
    defaults = "defaults:\n  actions:\n    actions/cache: v5\n"
    folder = write_stack(SETTINGS + defaults, a="repository: a\nprofile: strict\n")
    (problem,) = problems(folder)
    assert problem.startswith("stacks/s/_stack.yaml:8: ")
    assert "'v5' is not pinned" in problem


def test_the_defaults_have_a_repositorys_keys() -> None:
    """The defaults have all keys of a repository except those that fit one repository only."""
    own = {"repository", "working_directory", "packages", "previously", "next_name"}
    assert Defaults.model_fields.keys() == Repository.model_fields.keys() - own


@pytest.mark.parametrize("default", ["profile: null", "python_versions: []", "runs_on: null"])
def test_a_mistake_in_the_defaults_is_one_message(write_stack: WriteStack, default: str) -> None:
    """A mistake in the defaults is one problem at its line, whatever the number of repositories."""
    settings = f"{SETTINGS}defaults:\n  {default}\n"
    (problem,) = problems(write_stack(settings, a="repository: a\n", b="repository: b\n"))
    assert problem.startswith("stacks/s/_stack.yaml:7: ")


def test_rules_about_several_keys_are_for_the_layers_together(write_stack: WriteStack) -> None:
    """Rules about several keys apply to the merged result: a repository can correct defaults."""
    defaults = """\
defaults:
  branches: {test: main, prod: stable}
  profile: strict
  actions: {actions/cache: v5}
"""
    text = "repository: a\nbranches: {prod: main}\nprofile: standard\n"
    (repository,) = StackFiles(write_stack(SETTINGS + defaults, a=text)).stack.repositories
    assert repository.branches.prod == "main"

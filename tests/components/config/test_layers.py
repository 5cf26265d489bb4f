"""A repository's file over the defaults of its stack, where keys are names."""

from components.config.stack_files import StackFiles
from tests.operations.live.reading import problems
from tests.stacks import SETTINGS, WriteStack


def test_defaults_and_a_file_are_laid_over_each_other_by_action(write_stack: WriteStack) -> None:
    """A repository changes one action, takes another one back, and keeps the rest."""
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

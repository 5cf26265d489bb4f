"""Explain why Pulumi's GitHub provider cannot read an environment.

The provider knows users and teams as reviewers (go-github: RequiredReviewer) and fails on any other
kind with an error that names neither the repository nor the environment; then nothing of the stack
is refreshed.
"""

from collections.abc import Iterator
from typing import Final

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from components.model.types import ENVIRONMENTS
from operations.engine.errors import PulumiError
from operations.live.observed import Observed

#: A part of the provider's error about a reviewer of another kind.
_ERROR: Final = "not a string of 'User' or 'Team'"


def in_words(
    error: ConfigurationError, files: StackFiles, observed: Observed
) -> ConfigurationError:
    """The error with repositories and a remedy; an error with another cause is unchanged.

    Args:
        error: of a run of pulumi.
        files: the stack's declarations.
        observed: the live world.
    """
    if isinstance(error, PulumiError) and _ERROR in error.output:
        problems = list(_unreadable(files, observed))
        if problems:
            return ConfigurationError(problems, ExitCode.ERROR)
    return error


def _unreadable(files: StackFiles, observed: Observed) -> Iterator[Problem]:
    for repository in files.stack.repositories:
        live = observed.repositories.get(repository.name)
        for name in ENVIRONMENTS:
            environment = live.environments.get(name) if live else None
            if live is None or environment is None or not environment.other_reviewers:
                continue
            reviewers = ", ".join(sorted(environment.other_reviewers))
            text = (
                f"environment {name} of {live.full_name} has a reviewer that Pulumi's GitHub "
                "provider cannot read, so nothing of the stack is refreshed: remove "
                f"{reviewers} there"
            )
            yield files.problem(repository, ("environments", name, "reviewers"), text)

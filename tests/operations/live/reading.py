"""Reads a stack with mistakes, and returns the problems as the user sees them."""

from pathlib import Path

import pytest

from components.config.problems import ConfigurationError, ExitCode
from components.config.stack_files import StackFiles

#: The file of a repository `a` in the stack `s`.
A = "stacks/s/a.yaml"


def problems(folder: Path) -> list[str]:
    """Return the problems as the user sees them."""
    with pytest.raises(ConfigurationError) as caught:
        StackFiles(folder)
    assert caught.value.exit_code == ExitCode.CONFIGURATION
    assert str(caught.value).endswith("Nothing was changed.")
    return [str(problem) for problem in caught.value.problems]


def prod(text: str) -> str:
    """A repository file whose mistake in prod starts at line 4."""
    return f"repository: a\nenvironments:\n  prod:\n    {text}\n"

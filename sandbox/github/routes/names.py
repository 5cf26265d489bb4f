"""The names that GitHub accepts for secrets and variables."""

import re
from typing import Final

from sandbox.github import errors

_NAME: Final = re.compile(r"[A-Z_][A-Z0-9_]*")


def checked(name: str, noun: str) -> str:
    """The name as GitHub stores it: in capital letters.

    Raises:
        GitHubError: 422 if the name is invalid or reserved by GitHub.
    """
    upper = name.upper()
    if not _NAME.fullmatch(upper):
        raise errors.unprocessable(
            f"{noun} names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or "
            "underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or "
            "underscores (_)."
        )
    if upper.startswith("GITHUB_"):
        raise errors.unprocessable(f"{noun} names must not start with GITHUB_.")
    return upper

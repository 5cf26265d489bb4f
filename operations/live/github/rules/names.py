"""Find a branch beside which git cannot make another one.

Git keeps references as files: `a` and `a/b` cannot both be there (git-check-ref-format), and GitHub
answers 422 to the second one.
"""

from collections.abc import Iterable

from operations.live.github.api import GitHub, in_path

_HEADS = "refs/heads/"


def references(github: GitHub, full_name: str, branch: str) -> frozenset[str]:
    """Names of the branches that begin as this one does, up to its first slash.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    first = branch.partition("/")[0]
    found = github.get(f"repos/{full_name}/git/matching-refs/heads/{in_path(first)}")
    return frozenset(ref["ref"].removeprefix(_HEADS) for ref in found or ())


def beside(names: Iterable[str], branch: str) -> str | None:
    """The first of the names that a new branch cannot be beside."""
    blocking = (
        name
        for name in sorted(names)
        if name.startswith(f"{branch}/") or branch.startswith(f"{name}/")
    )
    return next(blocking, None)

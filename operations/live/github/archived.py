"""Which repositories are archived, of those that no observation is about: nobody declares them."""

from collections.abc import Collection

from operations.live.github.api import GitHub


def archived_repositories(names: Collection[str], github: GitHub, owner: str) -> set[str]:
    """Those of the names that GitHub shows, read-only; one request each.

    Raises:
        ConfigurationError: as `GitHub.get`.
    """
    return {
        name
        for name in names
        if (found := github.get(f"repos/{owner}/{name}")) is not None and found["archived"]
    }

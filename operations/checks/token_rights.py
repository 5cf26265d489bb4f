"""Find the permissions that a fine-grained token or an App's token lacks, as far as reading shows.

GitHub does not tell what such a token may write. A token that may write a part of a repository may
also read it, and GitHub refuses to read these parts with 403 (docs.github.com: permissions required
for fine-grained personal access tokens). Other questions read with the remaining permissions, or
every reader of a public repository gets the same answer. Deliberately absent: requests that write.
"""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.model.stack import Stack
from operations.live.github.api import GitHub, in_path
from operations.live.observed import RepositoryDetails

#: The objects that `up` writes with each permission.
_WRITES: Final = {
    "administration": "an environment and its rules",
    "environments": "its variables and secrets",
}


def needed_to_write(stack: Stack, details: Mapping[str, RepositoryDetails]) -> list[str]:
    """The repository permissions, by GitHub's names, that `up` needs to write what is declared."""
    names = ["contents", "workflows"]
    if any(one.environment_names for one in stack.repositories):
        names += _WRITES
    deliveries = (way for one in details.values() for way in one.by_pull_request.values())
    if any(delivery.opens for delivery in deliveries):
        names.append("pull_requests")
    return sorted(names)


def lacking_permissions(
    github: GitHub, stack: Stack, details: Mapping[str, RepositoryDetails]
) -> Iterator[Problem]:
    """A problem for each permission without which `up` would fail.

    One repository is asked: a token has the same permissions in all of its repositories.

    Args:
        github: the session, which has had an answer already.
        stack: the declaration.
        details: by declared name, the repositories that can be onboarded.

    Raises:
        ConfigurationError: GitHub can't be reached.
    """
    having = (one for one in stack.repositories if one.environment_names and one.name in details)
    repository = next(having, None)
    if github.scopes is not None or repository is None:
        return
    found = details[repository.name]
    environment = quote(repository.environment_names[0], safe="")
    default, place = in_path(found.default_branch), f"repos/{found.full_name}"
    asked = {
        "administration": f"{place}/branches/{default}/protection",
        "environments": f"{place}/environments/{environment}/variables?per_page=1",
    }
    for permission, path in asked.items():
        try:
            github.get(path)
        except ConfigurationError as error:
            if error.exit_code is not ExitCode.AUTHENTICATION:
                raise
            text = (
                f"lacks the permission {permission}: `up` writes {_WRITES[permission]} with it, "
                f"and GitHub does not even let this token read {path.partition('?')[0]}: give it "
                f"{permission}: write"
            )
            yield Problem("GITHUB_TOKEN", 0, "", text)

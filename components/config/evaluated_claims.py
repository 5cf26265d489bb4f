"""Refuse a declared trust that AWS or GitHub cannot carry out where the stack's GitHub is.

AWS reads further claims from github.com and ghe.com only, and an Enterprise Server sends subjects
without ids (docs.github.com: OpenID Connect reference).
"""

from collections.abc import Iterator, Sequence

from components.config.yaml_files import Path_
from components.model.repository import Repository
from components.model.stack import StackSettings


def unsupported_trusts(
    settings: StackSettings, repositories: Sequence[Repository]
) -> Iterator[tuple[Repository, Path_, str]]:
    """Repository, path and text of each such trust."""
    github = settings.github
    for repository in repositories:
        if repository.next_name and github.is_server:
            text = f"{github.host} is an Enterprise Server, whose subjects have no ids: remove it"
            yield repository, ("next_name",), text
        for name in repository.environment_names:
            trust = repository.environment(name).trust
            path = ("environments", name, "trust")
            if trust.is_pinned and not github.claims_are_evaluated:
                text = (
                    f"AWS reads no further claims from the issuer {github.issuer}: write `subject`"
                )
                yield repository, (*path, "claims"), text
            if trust.subject in ("immutable", "both") and github.is_server:
                text = f"{github.host} is an Enterprise Server, whose subjects have no ids: write "
                yield repository, (*path, "subject"), f"{text}`auto`"

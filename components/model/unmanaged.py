"""What others manage in a repository: slipway leaves it alone anyway; it is not drift."""

import fnmatch
from collections.abc import Iterable
from typing import Annotated

from pydantic import BeforeValidator

from components.model.base import Frozen, none_is_empty

Patterns = Annotated[tuple[str, ...], BeforeValidator(lambda v: none_is_empty(v, ()))]


class Unmanaged(Frozen):
    """Names, or patterns with `*`, of what is in a repository and is not slipway's to report."""

    environments: Patterns = ()
    """Environments other than dev, test and prod, such as `staging` or `review-*`."""
    workflows: Patterns = ()
    """Workflow files that may use dev, test and prod, such as `deploy.yml`."""
    deployment_patterns: Patterns = ()
    """Deployment branch and tag patterns of dev, test and prod that somebody else adds, such as
    `hotfix/one`; a `*` here stands for anything, also in a pattern."""
    branch_protection: Patterns = ()
    """Branches whose protection comes and goes with somebody else, such as `main`."""
    variables: Patterns = ()
    """Variables that somebody else sets: in dev, test and prod, or in the repository or the
    organisation, where steps of all jobs may read them."""
    secrets: Patterns = ()
    """Secrets that somebody else sets: in dev, test and prod, or in the repository or the
    organisation, where steps of all jobs may read them (a private index's password)."""
    roles: Patterns = ()
    """Names of other roles in the accounts that jobs of the repository may assume as well."""
    role_policies: Patterns = ()
    """Policies of the roles that somebody else attaches: names of inline, ARNs of managed ones.
    With a pattern of a kind here `up` removes none of that kind from the repository's roles."""

    @property
    def inline_policies(self) -> bool:
        """Whether somebody else has inline policies in the roles."""
        return any(not pattern.startswith("arn:") for pattern in self.role_policies)

    @property
    def managed_policies(self) -> bool:
        """Whether somebody else attaches managed policies to the roles."""
        return any(pattern.startswith(("arn:", "*")) for pattern in self.role_policies)


def is_one_of(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name matches one of the patterns; GitHub's names ignore case."""
    return any(fnmatch.fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)

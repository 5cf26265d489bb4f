"""Objects in a repository that other tools or people manage: slipway reports no drift of them."""

import fnmatch
from collections.abc import Iterable
from typing import Annotated

from pydantic import BeforeValidator

from components.model.base import Frozen, none_is_empty

Patterns = Annotated[tuple[str, ...], BeforeValidator(lambda v: none_is_empty(v, ()))]


class Unmanaged(Frozen):
    """Names, or patterns with `*`, of objects in a repository that slipway does not report."""

    environments: Patterns = ()
    """Environments other than dev, test and prod, such as `staging` or `review-*`."""
    workflows: Patterns = ()
    """Workflow files that may use dev, test and prod, such as `deploy.yml`."""
    deployment_patterns: Patterns = ()
    """Deployment branch and tag patterns of dev, test and prod that others add, such as
    `hotfix/one`; a `*` here matches any text, also a wildcard."""
    branch_protection: Patterns = ()
    """Branches whose protection others add and remove, such as `main`."""
    variables: Patterns = ()
    """Variables that others set: in dev, test and prod, or in the repository or the
    organisation, where steps of all jobs may read them."""
    secrets: Patterns = ()
    """Secrets that others set: in dev, test and prod, or in the repository or the
    organisation, where steps of all jobs may read them (a private index's password)."""
    roles: Patterns = ()
    """Names of other roles in the accounts that jobs of the repository may assume as well."""
    role_policies: Patterns = ()
    """Policies that others attach to the roles: names of inline, ARNs of managed policies. If one
    kind has a pattern here, `up` removes no policy of that kind from the repository's roles."""

    @property
    def inline_policies(self) -> bool:
        """Whether others manage inline policies of the roles."""
        return any(not pattern.startswith("arn:") for pattern in self.role_policies)

    @property
    def managed_policies(self) -> bool:
        """Whether others attach managed policies to the roles."""
        return any(pattern.startswith(("arn:", "*")) for pattern in self.role_policies)


def is_one_of(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name matches one of the patterns; GitHub's names ignore case."""
    return any(fnmatch.fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)

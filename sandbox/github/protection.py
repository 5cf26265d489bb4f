"""Classic branch protection and rulesets: state only, they never refuse a push."""

import fnmatch
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(eq=False)
class BranchProtection:
    """The classic protection of one branch."""

    enforce_admins: bool
    #: Approvals that a pull request needs; None: pull requests are not required.
    approvals: int | None


@dataclass(eq=False)
class Ruleset:
    """Rules for all branches that match the patterns."""

    id: int
    name: str
    #: `active`, `evaluate` or `disabled`; only an active ruleset applies.
    enforcement: str
    #: Full references with wildcards, `~ALL` or `~DEFAULT_BRANCH`.
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    #: As the client sent them: `type`, and `parameters` for some types.
    rules: tuple[dict[str, Any], ...]
    created_at: datetime

    def applies_to(self, branch: str, default_branch: str) -> bool:
        """Whether the rules apply to a branch, which need not exist."""

        def named(patterns: tuple[str, ...]) -> bool:
            special = {"~ALL"} | ({"~DEFAULT_BRANCH"} if branch == default_branch else set())
            return any(
                pattern in special or fnmatch.fnmatchcase(f"refs/heads/{branch}", pattern)
                for pattern in patterns
            )

        return self.enforcement == "active" and named(self.include) and not named(self.exclude)

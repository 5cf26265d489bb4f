"""What stands before a push to a branch: classic protection and rulesets; state, never enforced."""

import fnmatch
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(eq=False)
class BranchProtection:
    """The classic protection of one branch."""

    enforce_admins: bool
    #: Approvals that a pull request needs; None: nobody has to open one.
    approvals: int | None


@dataclass(eq=False)
class Ruleset:
    """Rules for every branch that the patterns name."""

    id: int
    name: str
    #: `active`, `evaluate` or `disabled`; only the first applies.
    enforcement: str
    #: Full references with wildcards, `~ALL` or `~DEFAULT_BRANCH`.
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    #: As they were sent: `type`, and `parameters` of some.
    rules: tuple[dict[str, Any], ...]
    created_at: datetime

    def applies_to(self, branch: str, default_branch: str) -> bool:
        """Whether its rules hold for a branch, be it there or not."""

        def named(patterns: tuple[str, ...]) -> bool:
            special = {"~ALL"} | ({"~DEFAULT_BRANCH"} if branch == default_branch else set())
            return any(
                pattern in special or fnmatch.fnmatchcase(f"refs/heads/{branch}", pattern)
                for pattern in patterns
            )

        return self.enforcement == "active" and named(self.include) and not named(self.exclude)

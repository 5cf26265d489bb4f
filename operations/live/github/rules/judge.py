"""Say which rules of one repository refuse a change that slipway wants to make.

A ruleset whose rules the token's user may always bypass refuses nothing. A bypass for pull requests
only is none for a commit. Answers are kept, so each ruleset is asked for once.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple

from operations.live.github.api import GitHub, in_path
from operations.live.github.rules.branch_rules import (
    BranchRules,
    Rule,
    read_name_rules,
    read_push_rules,
    read_rules,
)
from operations.live.github.rules.changes import Change
from operations.live.github.rules.classic import (
    read_patterns,
    refusing_demands,
    refusing_patterns,
)
from operations.live.github.rules.verdicts import refuses

#: Words for a user whom a ruleset does not bind; `pull_requests_only` is bound by it here.
_BYPASSING: Final = frozenset({"always", "exempt"})


class Refusing(NamedTuple):
    """A rule, or classic protection, that refuses a change."""

    said: str
    """Its name for a message."""
    of: Literal["ruleset", "pushes", "protection"]
    """Its origin. A rule for pushes holds for every branch, so a pull request does not help."""


class Judge:
    """The rules of one repository.

    Attributes:
        github: the session.

    Args:
        github: the session.
        full_name: `OWNER/NAME`.
        public: whether it is public: then it has no rules for pushes (docs.github.com: about
            rulesets).
    """

    def __init__(self, github: GitHub, full_name: str, *, public: bool) -> None:
        self.github = github
        self._full_name, self._public = full_name, public
        self._rulesets: dict[int, Any] = {}

    def of_branch(self, branch: str) -> BranchRules | None:
        """The rules of a branch; None if there is no such branch.

        Raises:
            ConfigurationError: GitHub refuses, or can't be reached. So do all methods.
        """
        return read_rules(self.github, self._full_name, branch)

    def of_name(self, branch: str) -> BranchRules:
        """The rules for the name of a branch, which need not exist."""
        return read_name_rules(self.github, self._full_name, branch)

    def refusing(self, change: Change, rules: BranchRules) -> tuple[Refusing, ...]:
        """The rules and demands that refuse a change; empty if it can be made.

        Args:
            change: what slipway wants to do.
            rules: of its branch.
        """
        return tuple(dict.fromkeys(self._refusing(change, rules)))

    def _refusing(self, change: Change, rules: BranchRules) -> Iterator[Refusing]:
        of_pushes = self._of_pushes if change.kind == "commit" else ()
        for rule in (*rules.rules, *of_pushes):
            # Bypasses are asked for only where they matter.
            if refuses(rule, change, is_app=self.github.is_app) and not self._bypasses(rule):
                name = self._ruleset(rule.ruleset).get("name") or rule.ruleset
                said = f"`{rule.type}` of ruleset {name!r}"
                yield Refusing(said, "pushes" if rule.of_pushes else "ruleset")
        if not rules.exists:
            is_app = self.github.is_app
            for demand in refusing_patterns(self._patterns, change, is_app=is_app):
                yield Refusing(f"`{demand}` of its branch protection", "protection")
        elif rules.protected and change.kind != "create":
            path = f"repos/{self._full_name}/branches/{in_path(change.branch)}/protection"
            found = self.github.get(path)
            for demand in refusing_demands(self.github, self._full_name, found, change):
                yield Refusing(f"`{demand}` of its branch protection", "protection")

    @cached_property
    def _of_pushes(self) -> tuple[Rule, ...]:
        return () if self._public else tuple(read_push_rules(self.github, self._full_name))

    @cached_property
    def _patterns(self) -> tuple[Mapping[str, Any], ...]:
        return read_patterns(self.github, self._full_name)

    def _bypasses(self, rule: Rule) -> bool:
        """True if the token's user may always bypass a ruleset, also one of the organisation."""
        return self._ruleset(rule.ruleset).get("current_user_can_bypass") in _BYPASSING

    def _ruleset(self, number: int) -> Any:
        if number not in self._rulesets:
            path = f"repos/{self._full_name}/rulesets/{number}"
            self._rulesets[number] = self.github.get(path) or {}
        return self._rulesets[number]


def listed(refusing: tuple[Refusing, ...]) -> str:
    """The refusing rules and demands in one phrase."""
    return " and ".join(one.said for one in refusing)

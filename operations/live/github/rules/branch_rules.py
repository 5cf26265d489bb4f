"""Read the rules of a branch: those of rulesets, with their parameters, and whether it has any.

Classic protection and rulesets apply together (docs.github.com: about rulesets). Every reader may
see the rules of rulesets; only administrators may see the demands of classic protection.
Deliberately absent: whether a rule refuses what slipway does (`judge`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from operations.live.github.api import GitHub, in_path

#: GitHub's word for a branch to which classic protection or a ruleset applies.
PROTECTED: Final = "protected"
#: Rules that stop a push until a reviewer, a check or another service agrees. Others are about
#: deleting, rewriting and the form of commits.
_STOPPING: Final = frozenset(
    {
        "code_scanning",
        "merge_queue",
        "pull_request",
        "required_deployments",
        "required_status_checks",
        "update",
        "workflows",
    }
)
#: GitHub's most items of one page.
_PAGE: Final = 100


@dataclass(frozen=True)
class Rule:
    """One rule of an active ruleset."""

    type: str
    """In GitHub's words, such as `pull_request`."""
    ruleset: int
    """The number of its ruleset."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """As GitHub tells them."""
    of_pushes: bool = False
    """True if its ruleset applies to every push, whatever the branch."""


@dataclass(frozen=True)
class BranchRules:
    """The rules of one branch."""

    protected: bool
    """True if classic protection or a rule of an active ruleset applies to it."""
    rules: tuple[Rule, ...] = ()
    """The rules of rulesets."""
    exists: bool = True
    """False if the rules are those of a name: then classic protection is judged by pattern."""

    @property
    def barriers(self) -> frozenset[str]:
        """The barriers that a push must pass: `protected`, and types of rules."""
        types = {rule.type for rule in self.rules}
        return (_STOPPING & types) | {PROTECTED} if self.protected else frozenset()


def read_rules(github: GitHub, full_name: str, branch: str) -> BranchRules | None:
    """The rules of a branch; None if there is no such branch. One request if it has none.

    A branch is `protected` if classic protection or a rule of an active ruleset applies to it
    (docs.github.com: REST API endpoints for branches).

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    found = github.get(f"repos/{full_name}/branches/{in_path(branch)}")
    # GitHub redirects the old name of a renamed branch.
    if found is None or found.get("name") != branch:
        return None
    if not found.get(PROTECTED):
        return BranchRules(protected=False)
    return BranchRules(protected=True, rules=read_name_rules(github, full_name, branch).rules)


def read_name_rules(github: GitHub, full_name: str, branch: str) -> BranchRules:
    """The rules of rulesets for a name, whether or not a branch has it (same source).

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    pages = github.pages(f"repos/{full_name}/rules/branches/{in_path(branch)}?per_page={_PAGE}")
    rules = tuple(
        Rule(str(one.get("type")), int(one.get("ruleset_id") or 0), one.get("parameters") or {})
        for page in pages
        for one in page or ()
    )
    return BranchRules(protected=bool(rules), rules=rules, exists=False)


def read_push_rules(github: GitHub, full_name: str) -> Iterator[Rule]:
    """The rules for every push to a repository, whatever the branch.

    "Push rules do not require any branch targeting" (docs.github.com: about rulesets), and whether
    the rules of a branch include them is not documented: so their rulesets are asked for.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    path = f"repos/{full_name}/rulesets"
    for page in github.pages(f"{path}?targets=push&per_page={_PAGE}"):
        for listed in page or ():
            # Enterprise Servers that do not know `targets` list every ruleset.
            if listed.get("target") == "push" and listed.get("enforcement") == "active":
                number = int(listed["id"])
                for one in (github.get(f"{path}/{number}") or {}).get("rules") or ():
                    parameters = one.get("parameters") or {}
                    yield Rule(str(one.get("type")), number, parameters, of_pushes=True)

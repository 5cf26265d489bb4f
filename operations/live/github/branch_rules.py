"""Read the rules of a branch: what a push must pass, and whether they refuse slipway's commits.

Classic protection and rulesets apply together (docs.github.com: about rulesets). Every reader may
see the rules of rulesets; only administrators may see the demands of classic protection.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from operations.live.github.api import GitHub, in_path

#: GitHub's word for a branch to which classic protection or a ruleset applies.
PROTECTED: Final = "protected"
#: GitHub signs the commits that an App makes by REST (docs.github.com: signature verification).
_SIGNED: Final = "required_signatures"
#: Rules that can stop a push. Others are about deleting, rewriting and the form of commits.
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
#: Demands of classic protection that refuse a commit, and switches that do.
_CLASSIC: Final = ("required_pull_request_reviews", "required_status_checks", "restrictions")
_LOCKED: Final = "lock_branch"
#: Words for a user whom a ruleset does not bind; `pull_requests_only` is bound by it here.
_BYPASSING: Final = frozenset({"always", "exempt"})
#: GitHub's most items of one page.
_PAGE: Final = 100


@dataclass(frozen=True)
class BranchRules:
    """The rules of one branch."""

    protected: bool
    """True if classic protection or a rule of an active ruleset applies to it."""
    rules: frozenset[tuple[str, int]] = frozenset()
    """Types of rules, each with the number of its ruleset."""

    @property
    def barriers(self) -> frozenset[str]:
        """What a push must pass: `protected`, and types of rules."""
        types = {kind for kind, _ in self.rules}
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
    rules = {
        (str(rule.get("type")), int(rule.get("ruleset_id") or 0))
        for page in pages
        for rule in page or ()
    }
    return BranchRules(protected=bool(rules), rules=frozenset(rules))


def refuses(github: GitHub, full_name: str, branch: str, rules: BranchRules) -> bool:
    """True if the rules of a branch refuse a commit of this token.

    Patterns for messages, names and paths are not looked at: whether they refuse depends on their
    text.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    if not rules.protected:
        return False
    refusing = _STOPPING if github.is_app else _STOPPING | {_SIGNED}
    rulesets = sorted({number for kind, number in rules.rules if kind in refusing})
    path = f"repos/{full_name}"
    if any(not _bypasses(github, path, number) for number in rulesets):
        return True
    return _refused_by_classic(github, github.get(f"{path}/branches/{in_path(branch)}/protection"))


def refusing(github: GitHub, full_name: str, branches: Iterable[str]) -> set[str]:
    """Those of the branches whose rules refuse a commit of this token.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    rules = {branch: read_rules(github, full_name, branch) for branch in branches}
    return {
        branch for branch, one in rules.items() if one and refuses(github, full_name, branch, one)
    }


def _bypasses(github: GitHub, path: str, ruleset: int) -> bool:
    """True if the token's user may always bypass a ruleset, also one of the organisation."""
    found = github.get(f"{path}/rulesets/{ruleset}") or {}
    return found.get("current_user_can_bypass") in _BYPASSING


def _refused_by_classic(github: GitHub, found: Any) -> bool:
    """True if classic protection refuses; administrators are exempt unless it includes them.

    A locked branch is read-only for them, too (docs.github.com: about protected branches).
    """
    if found is None:
        return False
    if (found.get(_LOCKED) or {}).get("enabled"):
        return True
    if not github.is_app and not (found.get("enforce_admins") or {}).get("enabled"):
        return False
    signed = bool((found.get(_SIGNED) or {}).get("enabled")) and not github.is_app
    return signed or any(found.get(demand) for demand in _CLASSIC)

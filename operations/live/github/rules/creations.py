"""Say why slipway cannot make the branch of dev where it is missing, and what to do instead.

slipway makes it from the default branch. A rule or another branch's name can refuse that; a
person who may bypass the rule can make the branch, and slipway finds it.
"""

from operations.live.github.graphql import DeclaredBranch
from operations.live.github.rules.branch_rules import BranchRules
from operations.live.github.rules.changes import creation
from operations.live.github.rules.judge import Judge, listed
from operations.live.github.rules.names import beside, references
from operations.live.observed import RepositoryFacts


def refused_creation(judge: Judge, facts: RepositoryFacts, branch: str, rules: BranchRules) -> str:
    """Why a missing branch cannot be made, and the way out; empty if it can.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    if other := beside(references(judge.github, facts.full_name, branch), branch):
        return (
            f"{branch!r} is missing, and git cannot make it beside the branch {other!r}: rename "
            "that branch, or declare another one as `branches: {dev: ...}`"
        )
    if refusing := judge.refusing(creation(branch), rules):
        return (
            f"{branch!r} is missing, and rules refuse to make it ({listed(refusing)}): create it "
            f"from {facts.default_branch!r}, declare a branch that exists as "
            "`branches: {dev: ...}`, or let the token's user always bypass the rule"
        )
    return ""


def begun_already(facts: RepositoryFacts, branch: str, declared: DeclaredBranch) -> str:
    """Why a missing branch that gets its files by pull request cannot be made; empty if it can.

    Made from the default branch, it would have files of these names at once. The next run would
    have to take them over, so a preview after `up` would not be empty.
    """
    live = facts.workflows.get(facts.default_branch, {})
    if there := sorted(declared.files.keys() & live.keys()):
        return (
            f"{branch!r} is missing, its files arrive by pull request, and made from "
            f"{facts.default_branch!r} it has {', '.join(there)} already: create it from "
            f"{facts.default_branch!r}"
        )
    return ""

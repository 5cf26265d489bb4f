"""Names that mean another than before: renamed repositories, taken names, other reviewers.

A rename that nobody declared comes to no plan: `operations.state.renames` refuses it.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from components.model.stack import Stack
from components.model.types import ENVIRONMENTS
from operations.diff.finding import Finding
from operations.engine.steps import Step

_IAM: Final = "aws:iam/role"


def former_roles(stack: Stack) -> set[str]:
    """Names, in lower case, of roles that go as their repositories say what they were before."""
    formers = [
        repository.model_copy(update={"repository": former})
        for repository in stack.repositories
        for former in repository.previously
    ]
    owner = stack.settings.owner
    return {former.role_name(owner, name).lower() for former in formers for name in ENVIRONMENTS}


def is_renamed(step: Step, roles: Collection[str]) -> bool:
    """Whether a role, or a policy of it, is made under a new name that the declaration asks for."""
    name = str(step.old.get("role") or step.old.get("name") or "")
    return step.op == "replace" and step.type.startswith(_IAM) and name.lower() in roles


def taken_names(findings: Sequence[Finding]) -> Iterator[str]:
    """A repository that has taken the name of one that was onboarded: it would get its roles."""
    for found in findings:
        if found.rule == "role/other_repository":
            yield (
                f"{found.repository} is another repository than before: "
                f"{found.object} trusts {found.live} and would trust {found.declared}"
            )


def other_reviewers(findings: Sequence[Finding]) -> Iterator[str]:
    """A team or an account that has taken the name of a reviewer: it would be slipway's own."""
    for found in findings:
        if found.rule == "environment/other_reviewer":
            yield (
                f"{found.repository}: {found.object} has a reviewer of the declared name that is "
                f"another team or account: {found.declared} -> {found.live}"
            )

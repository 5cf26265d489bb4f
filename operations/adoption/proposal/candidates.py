"""Which roles of an account have to do with an environment of a repository."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from components.documents.trust import subject
from components.model.types import EnvironmentName
from operations.adoption.proposal.workflow_usage import assumed_roles
from operations.diff.iam.trust_analysis import admits_subject, is_only_for
from operations.live.observed import ObservedRepository, ObservedRole

_EXPRESSION: Final = re.compile(r"\$\{\{\s*vars\.(\w+)\s*\}\}")


def candidates(
    roles: Sequence[ObservedRole], live: ObservedRepository, environment: EnvironmentName
) -> tuple[bool, list[ObservedRole]]:
    """Roles that serve an environment of a repository.

    Args:
        roles: the account's.
        live: the repository.
        environment: one of its environments, which need not be there.

    Returns:
        Whether the environment's variables and workflows name them, or they just trust its jobs.
    """
    arns = set(_named(live, environment))
    if named := [role for role in roles if role.arn in arns]:
        return True, named
    wanted = subject(live.subject_prefix, environment)
    return False, [role for role in roles if admits_subject(role.trust, wanted)]


def outdated(
    roles: Sequence[ObservedRole], live: ObservedRepository, environment: EnvironmentName
) -> list[ObservedRole]:
    """Roles for this repository alone by its name, of which GitHub's subjects have the ids now."""
    before = subject(f"repo:{live.full_name}", environment)
    now = subject(live.subject_prefix, environment)
    return [
        role
        for role in roles
        if is_only_for(role.trust, live.full_name)
        and admits_subject(role.trust, before)
        and not admits_subject(role.trust, now)
    ]


def _named(live: ObservedRepository, environment: EnvironmentName) -> Iterator[str]:
    """ARNs that the environment's variables and workflows give."""
    there = live.environments.get(environment)
    variables = there.variables if there else {}
    if arn := variables.get("AWS_ROLE_ARN"):
        yield arn
    for given in assumed_roles(live, environment):
        found = _EXPRESSION.fullmatch(given)
        yield variables.get(found[1].upper(), "") if found else given

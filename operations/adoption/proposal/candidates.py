"""Find the roles of an account that an environment of a repository uses, or used before."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from components.documents.subject import sent_subjects, subject
from components.model.branches import as_found
from components.model.repository import Repository
from components.model.types import EnvironmentName
from operations.adoption.proposal.workflow_usage import assumed_roles
from operations.diff.iam.trust_analysis import admits_subject, is_only_for
from operations.live.observed import ObservedRepository, ObservedRole

_EXPRESSION: Final = re.compile(r"\$\{\{\s*vars\.(\w+)\s*\}\}")


def candidates(
    roles: Sequence[ObservedRole],
    issuer: str,
    live: ObservedRepository,
    environment: EnvironmentName,
) -> tuple[bool, list[ObservedRole]]:
    """Roles that jobs of an environment may use.

    Args:
        roles: the roles of the account.
        issuer: of GitHub's id-tokens, without https://.
        live: the repository.
        environment: one of its environments; it may not exist yet.

    Returns:
        True and the roles that the environment's variables or workflows name. If these name none,
        False and the roles that trust its jobs.
    """
    arns = set(_named(live, environment))
    if named := [role for role in roles if role.arn in arns]:
        return True, named
    wanted = sent(live, environment)
    return False, [
        role for role in roles if any(admits_subject(role.trust, issuer, one) for one in wanted)
    ]


def sent(live: ObservedRepository, environment: EnvironmentName) -> tuple[str, ...]:
    """The subjects of the environment's jobs in a repository that declares the standard alone."""
    bare = Repository(repository=live.full_name.partition("/")[2])
    return sent_subjects(as_found(bare, live), environment, live).values


def outdated(
    roles: Sequence[ObservedRole],
    issuer: str,
    live: ObservedRepository,
    environment: EnvironmentName,
) -> list[ObservedRole]:
    """Roles that trust only this repository, by its name, while GitHub's subjects have ids now."""
    before = subject(f"repo:{live.full_name}", environment)
    now = sent(live, environment)
    return [
        role
        for role in roles
        if is_only_for(role.trust, issuer, live.full_name)
        and admits_subject(role.trust, issuer, before)
        and not any(admits_subject(role.trust, issuer, one) for one in now)
    ]


def _named(live: ObservedRepository, environment: EnvironmentName) -> Iterator[str]:
    """ARNs in the environment's variables and workflows."""
    there = live.environments.get(environment)
    variables = there.variables if there else {}
    if arn := variables.get("AWS_ROLE_ARN"):
        yield arn
    for given in assumed_roles(live, environment):
        found = _EXPRESSION.fullmatch(given)
        yield variables.get(found[1].upper(), "") if found else given

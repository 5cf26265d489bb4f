"""Compare one environment as declared with what GitHub has: rules, patterns, variables, secrets.

Deliberately absent: who must approve; see `reviewers`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Final

from components.model.environment import Environment
from components.model.pattern_cover import uncovered
from components.model.repository import Repository
from components.model.types import EnvironmentName
from components.model.unmanaged import is_one_of
from components.objects import kinds
from operations.diff.fields import field_findings
from operations.diff.finding import Direction, Finding, Repair
from operations.live.observed import ObservedEnvironment

#: Names of policies without patterns.
_POLICIES: Final = {"any": "any branch", "protected": "protected branches"}


def environment_findings(
    repository: Repository,
    name: EnvironmentName,
    variables: Mapping[str, str],
    live: ObservedEnvironment | None,
    written: Mapping[str, datetime],
) -> Iterator[Finding]:
    """Every difference in one environment.

    Args:
        repository: the declaration.
        name: which of its environments.
        variables: every variable that it should have, slipway's own among them.
        live: what GitHub has; None where there is no such environment.
        written: when slipway last wrote each secret, as far as known.
    """
    key = kinds.ENVIRONMENT.at(name)
    if live is None:
        # A job that names an environment which is not there gets one without any protection.
        text = ("", "there", "")
        yield Finding(repository.name, key, *text, Direction.WEAKER, Repair.UP, key.kind.missing)
        return
    declared = repository.environment(name)
    # Without reviewers GitHub does not store it.
    unknown = () if live.reviewers else ("prevent_self_review",)
    yield from field_findings(repository.name, key, declared, live, unknown)
    for rule in sorted(live.other_rules):
        text = ("protection rules", "", rule)
        hand = (Direction.NEUTRAL, Repair.HAND, "environment/unknown_rule")
        yield Finding(repository.name, key, *text, *hand)
    yield from _custom_rules(repository.name, name, declared, live)
    yield from _patterns(repository, name, live)
    yield from _variables(repository, name, variables, live)
    yield from _secrets(repository, name, declared, live, written)


def _custom_rules(
    repository: str, name: EnvironmentName, declared: Environment, live: ObservedEnvironment
) -> Iterator[Finding]:
    wanted, kind = frozenset(declared.deployment_protection_rules), kinds.CUSTOM_RULE
    for app in sorted(wanted ^ live.custom_rules):
        found = partial(Finding, repository, kind.at(name, app), "")
        if app in wanted:
            yield found("enabled", "", Direction.WEAKER, Repair.HAND, kind.missing)
        else:
            yield found("", "enabled", Direction.STRONGER, Repair.HAND, kind.extra)


def _patterns(
    repository: Repository, name: EnvironmentName, live: ObservedEnvironment
) -> Iterator[Finding]:
    branches = frozenset(repository.deployment_branches(name))
    tags = frozenset(repository.environment(name).deployment_tags)
    if live.branch_policy != "custom":
        # "Protected" admits every branch where none is protected, so it is no stronger than any;
        # where some are, the patterns may admit others.
        policy = _POLICIES.get(live.branch_policy, "a policy that is not known here")
        text = ("deployment_branches", ", ".join(sorted(branches)), policy)
        found = partial(Finding, repository.name, kinds.ENVIRONMENT.at(name), *text)
        both, rule = live.branch_policy == "protected", "environment/branch_policy"
        yield found(Direction.WEAKER, Repair.UP, rule, both_ways=both)
        return
    for type_, pattern in sorted(live.other_patterns):
        other = kinds.OTHER_POLICY.at(name, type_, pattern)
        added = ("", "", pattern, Direction.WEAKER, Repair.HAND)
        yield Finding(repository.name, other, *added, other.kind.extra)
    for kind, wanted, there in (
        (kinds.BRANCH_POLICY, branches, live.branches),
        (kinds.TAG_POLICY, tags, live.tags),
    ):
        for pattern in sorted(wanted ^ there.keys()):
            found = partial(Finding, repository.name, kind.at(name, pattern), "")
            # Patterns are sets of names: one that the other side's patterns cover admits no more.
            if pattern in wanted:
                covered = uncovered(pattern, sorted(there)) is None
                direction = Direction.NEUTRAL if covered else Direction.STRONGER
                yield found(pattern, "", direction, Repair.UP, kind.missing)
            elif not is_one_of(pattern, repository.unmanaged.deployment_patterns):
                covered = uncovered(pattern, sorted(wanted)) is None
                direction = Direction.NEUTRAL if covered else Direction.WEAKER
                yield found("", pattern, direction, Repair.REFRESH, kind.extra)


def _variables(
    repository: Repository,
    name: EnvironmentName,
    wanted: Mapping[str, str],
    live: ObservedEnvironment,
) -> Iterator[Finding]:
    declared = {variable.upper(): value for variable, value in wanted.items()}
    removal = _removal(repository.environment(name))
    kind = kinds.VARIABLE
    for variable in sorted(declared.keys() | live.variables.keys()):
        found = partial(Finding, repository.name, kind.at(name, variable))
        if variable not in live.variables:
            text = ("", declared[variable], "")
            yield found(*text, Direction.NEUTRAL, Repair.UP, kind.missing)
        elif variable not in declared:
            if not is_one_of(variable, repository.unmanaged.variables):
                text = ("", "", live.variables[variable])
                yield found(*text, Direction.NEUTRAL, removal, kind.extra)
        elif declared[variable] != live.variables[variable]:
            # Deployments would run with another role.
            direction = Direction.WEAKER if variable == "AWS_ROLE_ARN" else Direction.NEUTRAL
            text = ("value", declared[variable], live.variables[variable])
            yield found(*text, direction, Repair.UP, "variable/value")


def _secrets(
    repository: Repository,
    name: EnvironmentName,
    declared: Environment,
    live: ObservedEnvironment,
    written: Mapping[str, datetime],
) -> Iterator[Finding]:
    sources = {secret.upper(): source for secret, source in declared.secrets.items()}
    kind = kinds.SECRET
    for secret in sorted(sources.keys() | live.secrets.keys()):
        found = partial(Finding, repository.name, kind.at(name, secret))
        if secret not in live.secrets:
            missing = partial(found, "", "there", "", Direction.NEUTRAL)
            if sources[secret].external:
                yield missing(Repair.HAND, "secret/missing_external")
            else:
                yield missing(Repair.UP, kind.missing)
        elif secret not in sources:
            if not is_one_of(secret, repository.unmanaged.secrets):
                since = f"there since {live.secrets[secret]:%Y-%m-%d %H:%M} UTC"
                yield found("", "", since, Direction.NEUTRAL, _removal(declared), kind.extra)
        elif secret in written and live.secrets[secret] > written[secret]:
            text = ("value", f"written {written[secret]:%Y-%m-%d %H:%M:%S} UTC")
            overwritten = f"overwritten {live.secrets[secret]:%Y-%m-%d %H:%M:%S} UTC"
            rule = "secret/overwritten"
            yield found(*text, overwritten, Direction.WEAKER, Repair.REFRESH, rule)


def _removal(declared: Environment) -> Repair:
    """The repair of an undeclared variable or secret: its deletion."""
    return Repair.REFRESH if declared.exclusive else Repair.HAND

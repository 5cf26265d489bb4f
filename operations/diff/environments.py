"""Compare one environment as declared with what GitHub has: rules, patterns, variables, secrets.

Who must approve is for `reviewers`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Final

from components.model.environment import Environment
from components.model.repository import Repository
from components.model.types import EnvironmentName
from components.model.unmanaged import is_one_of
from operations.diff import objects
from operations.diff.finding import Direction, Finding, Repair
from operations.live.observed import ObservedEnvironment

#: What GitHub has in the place of patterns.
_POLICIES: Final = {"any": "any branch", "protected": "protected branches"}
#: What somebody let deploy that nobody declared.
_ADDED: Final = (Direction.WEAKER, Repair.HAND)


def environment_findings(
    repository: Repository,
    name: EnvironmentName,
    variables: Mapping[str, str],
    live: ObservedEnvironment | None,
    written: Mapping[str, datetime],
) -> Iterator[Finding]:
    """What differs in one environment.

    Args:
        repository: the declaration.
        name: which of its environments.
        variables: every variable that it should have, slipway's own among them.
        live: what GitHub has; None where there is no such environment.
        written: when slipway last wrote each secret, as far as known.
    """
    if live is None:
        # A job that names an environment which is not there gets one without any protection.
        yield Finding(
            repository.name,
            objects.environment(name),
            "",
            "there",
            "",
            Direction.WEAKER,
            Repair.UP,
            "environment/missing",
        )
        return
    declared = repository.environment(name)
    yield from _rules(repository.name, name, declared, live)
    yield from _patterns(repository, name, live)
    yield from _variables(repository, name, variables, live)
    yield from _secrets(repository, name, declared, live, written)


def _rules(
    repository: str, name: EnvironmentName, declared: Environment, live: ObservedEnvironment
) -> Iterator[Finding]:
    found = partial(Finding, repository, objects.environment(name))
    if declared.wait_minutes != live.wait_minutes:
        weaker = live.wait_minutes < declared.wait_minutes
        yield found(
            "wait_minutes",
            str(declared.wait_minutes),
            str(live.wait_minutes),
            _direction(weaker=weaker),
            Repair.UP,
            "environment/wait_minutes",
        )
    # Without reviewers GitHub has no place for it.
    if live.reviewers and declared.prevent_self_review != live.prevent_self_review:
        yield found(
            "prevent_self_review",
            *_booleans(declared.prevent_self_review, live.prevent_self_review),
            _direction(weaker=declared.prevent_self_review),
            Repair.UP,
            "environment/prevent_self_review",
        )
    if declared.admin_bypass != live.admin_bypass:
        yield found(
            "admin_bypass",
            *_booleans(declared.admin_bypass, live.admin_bypass),
            _direction(weaker=live.admin_bypass),
            Repair.UP,
            "environment/admin_bypass",
        )
    for kind in sorted(live.other_rules):
        text = ("protection rules", "", kind)
        yield found(*text, Direction.NEUTRAL, Repair.HAND, "environment/unknown_rule")


def _patterns(
    repository: Repository, name: EnvironmentName, live: ObservedEnvironment
) -> Iterator[Finding]:
    wanted = {
        "branch": frozenset(repository.deployment_branches(name)),
        "tag": frozenset(repository.environment(name).deployment_tags),
    }
    if live.branch_policy != "custom":
        # "Protected" admits every branch where none is protected, so it is no stronger than any;
        # where some are, the patterns may admit others.
        yield Finding(
            repository.name,
            objects.environment(name),
            "deployment_branches",
            ", ".join(sorted(wanted["branch"])),
            _POLICIES.get(live.branch_policy, "a policy that is not known here"),
            Direction.WEAKER,
            Repair.UP,
            "environment/branch_policy",
            both_ways=live.branch_policy == "protected",
        )
        return
    for kind, pattern in sorted(live.other_patterns):
        place = objects.branch_policy(name, kind, pattern)
        rule = "environment/extra_branch_policy"
        yield Finding(repository.name, place, "", "", pattern, *_ADDED, rule)
    for kind, there in (("branch", live.branches), ("tag", live.tags)):
        for pattern in sorted(wanted[kind] ^ there.keys()):
            missing = pattern in wanted[kind]
            if not missing and is_one_of(pattern, repository.unmanaged.deployment_patterns):
                continue
            yield Finding(
                repository.name,
                objects.branch_policy(name, kind, pattern),
                "",
                pattern if missing else "",
                "" if missing else pattern,
                _direction(weaker=not missing),
                Repair.UP if missing else Repair.REFRESH,
                f"environment/{'missing' if missing else 'extra'}_branch_policy",
            )


def _variables(
    repository: Repository,
    name: EnvironmentName,
    wanted: Mapping[str, str],
    live: ObservedEnvironment,
) -> Iterator[Finding]:
    declared = {variable.upper(): value for variable, value in wanted.items()}
    removal = _removal(repository.environment(name))
    for variable in sorted(declared.keys() | live.variables.keys()):
        found = partial(Finding, repository.name, objects.variable(name, variable))
        if variable not in live.variables:
            text = ("", declared[variable], "")
            yield found(*text, Direction.NEUTRAL, Repair.UP, "variable/missing")
        elif variable not in declared:
            if not is_one_of(variable, repository.unmanaged.variables):
                text = ("", "", live.variables[variable])
                yield found(*text, Direction.NEUTRAL, removal, "variable/extra")
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
    for secret in sorted(sources.keys() | live.secrets.keys()):
        found = partial(Finding, repository.name, objects.secret(name, secret))
        if secret not in live.secrets:
            missing = partial(found, "", "there", "", Direction.NEUTRAL)
            if sources[secret].external:
                yield missing(Repair.HAND, "secret/missing_external")
            else:
                yield missing(Repair.UP, "secret/missing")
        elif secret not in sources:
            if not is_one_of(secret, repository.unmanaged.secrets):
                since = f"there since {live.secrets[secret]:%Y-%m-%d %H:%M} UTC"
                removal = _removal(declared)
                yield found("", "", since, Direction.NEUTRAL, removal, "secret/extra")
        elif secret in written and live.secrets[secret] > written[secret]:
            text = ("value", f"written {written[secret]:%Y-%m-%d %H:%M:%S} UTC")
            overwritten = f"overwritten {live.secrets[secret]:%Y-%m-%d %H:%M:%S} UTC"
            rule = "secret/overwritten"
            yield found(*text, overwritten, Direction.WEAKER, Repair.REFRESH, rule)


def _removal(declared: Environment) -> Repair:
    """Who deletes a variable or secret that nobody declared."""
    return Repair.REFRESH if declared.exclusive else Repair.HAND


def _direction(*, weaker: bool) -> Direction:
    return Direction.WEAKER if weaker else Direction.STRONGER


def _booleans(declared: bool, live: bool) -> tuple[str, str]:  # noqa: FBT001 - two of a kind
    return str(declared).lower(), str(live).lower()

"""Judge a plan: what nobody should find out afterwards.

Three kinds of reasons stop an `up`: more than a quarter of the repositories would lose something,
something protected would become weaker, or something would be deleted that the declaration still
asks for. Two more are about what is easily overlooked: what others put into an environment that is
to be deleted, and a repository that was renamed.
Deliberately absent: what is new. A first `up` needs nobody's consent.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from components.documents.role import DERIVED
from components.model.stack import Stack
from components.model.terms import ENVIRONMENTS
from operations.drifting import objects
from operations.drifting.finding import Direction, Finding, Repair
from operations.drifting.preview import Step, object_of, plan_steps, repository_of
from operations.guard.wanted import wanted_objects
from operations.observer.observed import Observed, ObservedEnvironment
from operations.visible import visible

#: Losers of more than this part of a stack's repositories stop an `up`.
MOST: Final = 0.25
#: What protects an environment, or says who may assume a role and how far that goes.
_PROTECTING: Final = {
    "environment/admin_bypass",
    "environment/branch_policy",
    "environment/missing_branch_policy",
    "environment/prevent_self_review",
    "environment/reviewers",
    "environment/wait_minutes",
    "oidc_provider/audiences",
    "role/inline_policy",
    "role/missing_inline_policy",
    "role/max_session_seconds",
    "role/missing_managed_policy",
    "role/permissions_boundary",
    "role/trust",
}
_IAM: Final = "aws:iam/role"
_OIDC_PROVIDER: Final = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
_ENVIRONMENT: Final = "github:index/repositoryEnvironment:RepositoryEnvironment"


def reasons_against(
    stack: Stack,
    plan: Mapping[str, Any],
    observed: Observed,
    findings: Sequence[Finding],
    roles: Mapping[str, str],
) -> list[str]:
    """Why a plan should not be carried out without somebody's consent, a line each; empty: it may.

    Args:
        stack: the declaration.
        plan: the JSON of `pulumi preview --json`, of a refreshed state.
        observed: the live world, of repositories that are to be offboarded as well.
        findings: declaration against live world, with the plan's remedies.
        roles: declared name of the repository by its roles' names in lower case.
    """
    renamed = _renamed_roles(stack)
    losses = [
        step
        for step in plan_steps(plan)
        if step.op in {"delete", "replace"} and not step.retained and not _is_renamed(step, renamed)
    ]
    reasons = (
        _too_many(stack, losses, roles),
        _weakened(findings),
        _unasked(stack, losses, observed, roles),
        _others(losses, observed),
        _renamed(stack, losses, observed, roles),
        _succeeded(findings),
    )
    return [visible(reason) for reason in chain(*reasons)]


def _renamed_roles(stack: Stack) -> set[str]:
    """Names, in lower case, of roles that go as their repositories say what they were before."""
    formers = [
        repository.model_copy(update={"repository": former})
        for repository in stack.repositories
        for former in repository.previously
    ]
    owner = stack.settings.owner
    return {former.role_name(owner, name).lower() for former in formers for name in ENVIRONMENTS}


def _is_renamed(step: Step, roles: Collection[str]) -> bool:
    """Whether a role, or a policy of it, is made under a new name that the declaration asks for."""
    name = str(step.old.get("role") or step.old.get("name") or "")
    return step.op == "replace" and step.type.startswith(_IAM) and name.lower() in roles


def _too_many(stack: Stack, losses: Sequence[Step], roles: Mapping[str, str]) -> Iterator[str]:
    losers = {name for step in losses if (name := repository_of(step, roles))}
    declared = {repository.name for repository in stack.repositories}
    count = len(declared | losers)
    if losers and len(losers) > MOST * count:
        names = ", ".join(sorted(losers))
        yield f"{len(losers)} of {count} repositories would lose something: {names}"


def _weakened(findings: Sequence[Finding]) -> Iterator[str]:
    for found in findings:
        strict = found.direction is Direction.STRONGER and found.repair is Repair.UP
        # A new policy of slipway's own making is as little as the declared deployment takes.
        derived = found.object.endswith(f", inline policy {DERIVED}")
        new = derived and found.rule == "role/missing_inline_policy"
        if strict and found.rule in _PROTECTING and not new:
            field = f", {found.field}" if found.field else ""
            change = f"{found.live or 'nothing'} -> {found.declared or 'nothing'}"
            yield f"{found.repository}: {found.object}{field} would become weaker: {change}"


def _unasked(
    stack: Stack, losses: Sequence[Step], observed: Observed, roles: Mapping[str, str]
) -> Iterator[str]:
    default_branches = {
        name: live.default_branch for name, live in observed.repositories.items() if live
    }
    wanted = wanted_objects(stack, default_branches)
    for step in losses:
        repository, name = repository_of(step, roles), _lost(step)
        if (repository, name) in wanted:
            place = f"{repository}: {name}" if repository else name
            how = "deleted"
            if step.op == "replace":
                how = f"deleted and made again, for its {', '.join(step.fields) or 'properties'}"
            yield f"{place} would be {how}, though it is declared"


def _lost(step: Step) -> str:
    """The object, whatever its logical name: a changed one is how providers get lost."""
    if step.type == _OIDC_PROVIDER and (arn := step.old.get("arn")):
        return objects.oidc_provider(str(arn).split(":")[4])
    return object_of(step)


def _others(losses: Sequence[Step], observed: Observed) -> Iterator[str]:
    """Variables and secrets of others die with an environment."""
    ours = {(str(step.old.get("repository")), object_of(step)) for step in losses}
    for step in losses:
        if step.type != _ENVIRONMENT or step.op != "delete":
            continue
        repository, name = str(step.old["repository"]), str(step.old["environment"])
        live = observed.repositories.get(repository)
        environment = live.environments.get(name.lower()) if live else None
        if environment is not None:
            foreign = sorted(_inside(environment, name) - {o for r, o in ours if r == repository})
            if foreign:
                inside = ", ".join(part.partition(", ")[2] for part in foreign)
                yield (
                    f"{repository}: environment {name} would be deleted with what others put into "
                    f"it: {inside}"
                )


def _renamed(
    stack: Stack, losses: Sequence[Step], observed: Observed, roles: Mapping[str, str]
) -> Iterator[str]:
    """A repository that goes under its old name and comes under its new one: all would be new."""
    declared = {f"{stack.settings.owner}/{r.name}".lower(): r for r in stack.repositories}
    for name in sorted({repository_of(step, roles) for step in losses}):
        live = observed.repositories.get(name)
        now = live and declared.get(live.full_name.lower())
        if now and now.name != name and name not in now.previously:
            yield (
                f"{name} is {now.name} now: say `previously: {name}` in its file, or everything "
                "in it is deleted and made again"
            )


def _succeeded(findings: Sequence[Finding]) -> Iterator[str]:
    """A repository that has taken the name of one that was onboarded: it would get its roles."""
    for found in findings:
        if found.rule == "role/other_repository":
            yield (
                f"{found.repository} is another repository than before: "
                f"{found.object} trusts {found.live} and would trust {found.declared}"
            )


def _inside(environment: ObservedEnvironment, name: str) -> set[str]:
    return {objects.variable(name, variable) for variable in environment.variables} | {
        objects.secret(name, secret) for secret in environment.secrets
    }

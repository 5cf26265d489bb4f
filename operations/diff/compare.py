"""Compare a stack's resolved declaration with the live world that was observed.

Pure. Deliberately absent: differences that only Pulumi's state shows, such as leftovers of
repositories that are not declared any more; the preview reports these.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Final

from components.documents.role import environment_variables
from components.documents.role_trust import trust_of
from components.documents.subject import sent_subjects, template_problem
from components.documents.workflows import declared_workflows
from components.model.branches import as_found
from components.model.plan import as_offered
from components.model.ref_patterns import admits
from components.model.repository import Repository
from components.model.stack import Account, Stack, StackSettings
from components.model.unmanaged import is_one_of
from components.objects import kinds
from operations.diff.environments import environment_findings
from operations.diff.finding import Direction, Finding, Repair
from operations.diff.last_up import Given
from operations.diff.other_roles import other_role_findings
from operations.diff.reviewers import Known, reviewer_findings
from operations.diff.roles import DeclaredRole, is_open_to_others, role_findings
from operations.diff.workflows.compare import request_findings, workflow_findings
from operations.live.observed import Observed, ObservedAccount, ObservedRepository
from operations.live.obstacles import obstacles

_PUBLIC: Final = "public"
#: Largest number of other environments that are named: with review apps there may be thousands.
_NAMED = 5

Written = Mapping[tuple[str, str, str], datetime]
"""When slipway last wrote each secret (UTC), by repository, environment and name."""


def compare(
    stack: Stack,
    observed: Observed,
    written: Written | None = None,
    given: Given | None = None,
) -> Iterator[Finding]:
    """Every difference between a stack and the live world.

    Args:
        stack: the declaration.
        observed: what GitHub and AWS have.
        written: times of slipway's writes of secrets; needed to find overwritten values.
        given: facts of the last `up`; needed to find a reviewer who took another's name, a
            repository that was made public, and a branch that is less protected.
    """
    times: dict[tuple[str, str], dict[str, datetime]] = {}
    for (name, environment, secret), when in (written or {}).items():
        times.setdefault((name, environment), {})[secret] = when
    for declared in stack.repositories:
        live = observed.repositories[declared.name]
        if live is None:
            yield _by_hand(declared, ("", "there", ""), "repository/missing")
            continue
        repository = as_found(as_offered(declared, live.offered), live)
        before = given or Given()
        yield from _visibility(repository, live, before.visibility.get(repository.name))
        yield from _protection(repository, live, before)
        yield from _in_repository(stack, repository, observed, times, before)
        files = declared_workflows(repository, stack.settings)
        yield from workflow_findings(repository, files, live)
    for leaving in stack.leaving:
        if left := observed.repositories.get(leaving.name):
            yield from request_findings(leaving.name, left.by_pull_request)
    for _, account in stack.settings.distinct_accounts():
        if account.account_id not in observed.unseen:
            yield from _oidc_provider(account, observed.accounts[account.account_id])
            yield from other_role_findings(stack, account, observed)


def _in_repository(
    stack: Stack,
    repository: Repository,
    observed: Observed,
    written: Mapping[tuple[str, str], Mapping[str, datetime]],
    before: Given,
) -> Iterator[Finding]:
    """Differences of one repository's facts, environments and roles."""
    settings, live = stack.settings, observed.repositories[repository.name]
    assert live is not None
    roles = [
        (role, observed.accounts[account_id].roles.get(role.name.lower()))
        for name in repository.environment_names
        for account_id in [settings.account(name).account_id]
        if account_id not in observed.unseen
        for role in [DeclaredRole.of(settings, repository, name, live)]
    ]
    open_ = any(live_role and is_open_to_others(role, live_role) for role, live_role in roles)
    yield from _facts(settings, repository, live, open_=open_)
    for name in repository.environment_names:
        there = live.environments.get(name)
        variables = environment_variables(settings, repository, name)
        times = written.get((repository.name, name), {})
        yield from environment_findings(repository, name, variables, there, times)
        if there is not None:
            ids = before.reviewers.get((repository.name, name))
            known = Known(ids, observed.reviewers, live.outsiders)
            yield from reviewer_findings(repository, name, there, known)
    for role, live_role in roles:
        yield from role_findings(role, live_role)


def _by_hand(
    repository: Repository,
    text: tuple[str, str, str],
    rule: str,
    direction: Direction = Direction.NEUTRAL,
) -> Finding:
    """A finding about the repository itself; `text` is the field, its declared and live value."""
    return Finding(repository.name, kinds.REPOSITORY.at(), *text, direction, Repair.HAND, rule)


def _visibility(
    repository: Repository, live: ObservedRepository, before: str | None
) -> Iterator[Finding]:
    """A finding if the repository's code, runs and logs became public since the last `up`.

    A repository that was public at the last `up` is intended to be public.
    """
    if live.public and before and before != _PUBLIC:
        text = ("visibility", before, _PUBLIC)
        yield _by_hand(repository, text, "repository/visibility", Direction.WEAKER)


def _protection(
    repository: Repository, live: ObservedRepository, before: Given
) -> Iterator[Finding]:
    """A finding for each branch that leads to prod and lost protection since the last `up`.

    A branch that was unprotected at the last `up` is intended to be unprotected.
    """
    for branch, now in sorted(live.protection.items()):
        was = before.protection.get((repository.name, branch), frozenset())
        if was - now and not is_one_of(branch, repository.unmanaged.branch_protection):
            text = ("protection", ", ".join(sorted(was)), ", ".join(sorted(now)))
            place = (repository.name, kinds.BRANCH.at(branch), *text)
            yield Finding(*place, Direction.WEAKER, Repair.HAND, "branch/protection")


def _facts(
    settings: StackSettings, repository: Repository, live: ObservedRepository, *, open_: bool
) -> Iterator[Finding]:
    """Differences of facts that slipway depends on and never changes.

    Args:
        settings: the stack's.
        repository: the declaration.
        live: the repository on GitHub.
        open_: whether another repository that takes a released name could assume a role.
    """
    full_name = f"{settings.owner}/{repository.name}"
    for obstacle in obstacles(full_name, live):
        if obstacle.kind in {"renamed", "transferred"}:
            direction = Direction.WEAKER if open_ else Direction.NEUTRAL
            renamed = obstacle.kind == "renamed"
            rule = "repository/renamed" if renamed else "repository/transferred"
            yield _by_hand(repository, ("name", full_name, obstacle.found), rule, direction)
        elif obstacle.kind == "archived":
            yield _by_hand(repository, ("archived", "false", "true"), "repository/archived")
        elif obstacle.kind == "subject_claims":
            text = ("subject claims", "default", obstacle.found)
            yield _by_hand(repository, text, "repository/subject_claims")
    yield from _subjects(settings, repository, live)
    yield from _default_branch(repository, live)
    others = [
        name
        for name in (*live.other_environments, *_undeclared(repository, live))
        if not is_one_of(name, repository.unmanaged.environments)
    ]
    if others:
        shown = ", ".join(sorted(others)[:_NAMED])
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        text = ("other environments", "", f"{shown}{more}")
        yield _by_hand(repository, text, "repository/extra_environment")


def _subjects(
    settings: StackSettings, repository: Repository, live: ObservedRepository
) -> Iterator[Finding]:
    """Environments whose declared trust does not fit the subjects that GitHub sends now."""
    if template_problem(live.subject_claims):
        return  # an obstacle, whatever is declared
    sent = {one: sent_subjects(repository, one, live) for one in repository.environment_names}
    if any(subjects.problem for subjects in sent.values()):
        text = ("subject claims", "default", ", ".join(live.subject_claims))
        yield _by_hand(repository, text, "repository/subject_claims")
        return
    refused = [
        name
        for name, subjects in sent.items()
        if set(subjects.values) - set(trust_of(settings, repository, name, live).subjects.values)
    ]
    if refused:
        form = repository.environment(refused[0]).trust.subject
        text = ("subject form", f"{form} in {', '.join(refused)}", live.subject_prefix)
        yield _by_hand(repository, text, "repository/subject_form")


def _undeclared(repository: Repository, live: ObservedRepository) -> list[str]:
    """Environments of the standard that the repository has, but not its declaration."""
    extra = live.environments.keys() - set(repository.environment_names)
    return [live.environments[name].name for name in extra]


def _default_branch(repository: Repository, live: ObservedRepository) -> Iterator[Finding]:
    """A finding if prod's workflow runs on a branch that is not declared for it.

    GitHub runs workflows that a `workflow_run` triggers on the default branch (docs.github.com:
    events that trigger workflows), which any administrator of the repository may change.
    """
    if "prod" not in repository.environment_names:
        return
    default, patterns = live.default_branch, repository.deployment_branches("prod")
    admitted = any(admits(pattern, default) for pattern in patterns)
    named = default in {repository.trigger_branch("prod"), *patterns}
    if default in live.workflows and not (admitted and named):
        text = ("default branch", repository.trigger_branch("prod"), default)
        direction = Direction.WEAKER if admitted else Direction.STRONGER
        yield _by_hand(repository, text, "repository/default_branch", direction)


def _oidc_provider(account: Account, live: ObservedAccount) -> Iterator[Finding]:
    """The provider's audiences; further ones are a difference only if slipway created it."""
    found = partial(Finding, "", kinds.OIDC_PROVIDER.at(account.account_id))
    made_here = account.oidc_provider == "create"
    repair = Repair.UP if made_here else Repair.HAND
    if live.oidc_audiences is None:
        yield found("", "there", "", Direction.NEUTRAL, repair, "oidc_provider/missing")
        return
    wanted = frozenset({account.audience})
    others = live.oidc_audiences - wanted
    lacking = wanted - live.oidc_audiences
    if lacking or (others and made_here):
        direction = Direction.WEAKER if others and made_here else Direction.STRONGER
        text = ("audiences", account.audience, ", ".join(sorted(live.oidc_audiences)))
        rule, both = "oidc_provider/audiences", bool(others and lacking)
        yield found(*text, direction, repair, rule, both_ways=both)

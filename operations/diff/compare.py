"""Compare a stack's resolved declaration with the live world that was observed.

Pure: whoever has read both gets the findings. Deliberately absent: what only Pulumi's state knows,
such as leftovers of repositories that nobody declares any more; the preview has that.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Final

from components.documents.role import environment_variables
from components.documents.trust import AUDIENCE
from components.model.plan import as_offered
from components.model.ref_patterns import admits
from components.model.repository import Repository
from components.model.stack import Account, Stack, StackSettings
from components.model.types import ENVIRONMENTS
from components.model.unmanaged import is_one_of
from components.objects import kinds
from operations.diff.environments import environment_findings
from operations.diff.finding import Direction, Finding, Repair
from operations.diff.last_up import Given
from operations.diff.other_roles import other_role_findings
from operations.diff.reviewers import Known, Meaning, reviewer_findings
from operations.diff.roles import DeclaredRole, is_open_to_others, role_findings
from operations.diff.workflows.compare import workflow_findings
from operations.diff.workflows.declared_files import DeclaredFiles
from operations.live.observed import Observed, ObservedAccount, ObservedRepository
from operations.live.obstacles import obstacles

_PUBLIC: Final = "public"
#: How many names of other environments are shown: repositories with review apps have thousands.
_NAMED = 5

Written = Mapping[tuple[str, str, str], datetime]
"""When slipway last wrote each secret (UTC), by repository, environment and name."""


def compare(
    stack: Stack,
    observed: Observed,
    written: Written | None = None,
    files: DeclaredFiles | None = None,
    given: Given | None = None,
) -> Iterator[Finding]:
    """Every difference between a stack and the live world.

    Args:
        stack: the resolved declaration.
        observed: what GitHub and AWS have.
        written: when secrets were written; without it an overwritten value goes unseen.
        files: the stack's workflow files, where somebody has rendered them already.
        given: what held at the last `up`; without it a reviewer who took another's name, a
            repository that was made public, and less protection of a branch go unseen.
    """
    files = files or DeclaredFiles(stack)
    for declared in stack.repositories:
        live = observed.repositories[declared.name]
        if live is None:
            there = ("", "there", "", Direction.NEUTRAL, Repair.HAND, "repository/missing")
            yield Finding(declared.name, kinds.REPOSITORY.at(), *there)
            continue
        repository = as_offered(declared, live.offered)
        before = given or Given()
        yield from _reviewers(repository, live, before, observed.reviewers)
        yield from _visibility(repository, live, before.visibility.get(repository.name))
        yield from _protection(repository, live, before)
        yield from repository_findings(stack.settings, repository, live, observed, written or {})
        yield from workflow_findings(repository, files.contents(repository.name), live)
    for _, account in stack.settings.distinct_accounts():
        if account.account_id not in observed.unseen:
            yield from _oidc_provider(account, observed.accounts[account.account_id])
            yield from other_role_findings(stack, account, observed)


def repository_findings(
    settings: StackSettings,
    repository: Repository,
    live: ObservedRepository,
    observed: Observed,
    written: Written,
) -> Iterator[Finding]:
    """What differs in one repository's facts, environments and roles."""
    roles = [
        (DeclaredRole.of(settings, repository, name, live), observed.accounts[account_id].roles)
        for name in ENVIRONMENTS
        for account_id in [settings.account(name).account_id]
        if account_id not in observed.unseen
    ]
    found = [(wanted, there.get(wanted.name.lower())) for wanted, there in roles]
    open_ = any(there and is_open_to_others(wanted, there) for wanted, there in found)
    yield from _facts(settings, repository, live, open_=open_)
    for name in ENVIRONMENTS:
        yield from environment_findings(
            repository,
            name,
            environment_variables(settings, repository, name),
            live.environments.get(name),
            {
                secret: when
                for (owner, environment, secret), when in written.items()
                if (owner, environment) == (repository.name, name)
            },
        )
    for wanted, there in found:
        yield from role_findings(wanted, there)


def _reviewers(
    repository: Repository, live: ObservedRepository, given: Given, meaning: Meaning
) -> Iterator[Finding]:
    for name in ENVIRONMENTS:
        if (environment := live.environments.get(name)) is not None:
            ids = given.reviewers.get((repository.name, name))
            known = Known(ids, meaning, live.outsiders)
            yield from reviewer_findings(repository, name, environment, known)


def _visibility(
    repository: Repository, live: ObservedRepository, before: str | None
) -> Iterator[Finding]:
    """Whether everybody sees what was decided for fewer: its code, its runs and their logs.

    That is an event of GitHub's, not a state: a repository that was public at the last `up` is
    meant to be.
    """
    if live.public and before and before != _PUBLIC:
        place = (repository.name, kinds.REPOSITORY.at(), "visibility", before, _PUBLIC)
        yield Finding(*place, Direction.WEAKER, Repair.HAND, "repository/visibility")


def _protection(
    repository: Repository, live: ObservedRepository, before: Given
) -> Iterator[Finding]:
    """Whether less stands before a push that leads to prod than when it was onboarded.

    As with who sees it: a branch that was open at the last `up` is meant to be.
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
    """What slipway never changes and yet depends on.

    Args:
        settings: the stack's.
        repository: the declaration.
        live: what GitHub has.
        open_: whether who takes a name that the repository has given up comes into its roles.
    """
    found = partial(Finding, repository.name, kinds.REPOSITORY.at())
    by_hand = (Direction.NEUTRAL, Repair.HAND)
    full_name = f"{settings.owner}/{repository.name}"
    for obstacle in obstacles(full_name, live):
        if obstacle.kind in {"renamed", "transferred"}:
            direction = Direction.WEAKER if open_ else Direction.NEUTRAL
            renamed = obstacle.kind == "renamed"
            rule = "repository/renamed" if renamed else "repository/transferred"
            yield found("name", full_name, obstacle.found, direction, Repair.HAND, rule)
        elif obstacle.kind == "archived":
            yield found("archived", "false", "true", *by_hand, "repository/archived")
        elif obstacle.kind == "subject_claims":
            claims = ("subject claims", "default", obstacle.found)
            yield found(*claims, *by_hand, "repository/subject_claims")
    yield from _default_branch(repository, live)
    others = [
        name
        for name in live.other_environments
        if not is_one_of(name, repository.unmanaged.environments)
    ]
    if others:
        shown = ", ".join(sorted(others)[:_NAMED])
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        text = ("other environments", "", f"{shown}{more}")
        yield found(*text, *by_hand, "repository/extra_environment")


def _default_branch(repository: Repository, live: ObservedRepository) -> Iterator[Finding]:
    """Whether prod's workflow runs on a branch that nobody named for it.

    GitHub runs what a `workflow_run` triggers on the default branch (docs.github.com: events that
    trigger workflows), which anybody who administers the repository may change.
    """
    default, patterns = live.default_branch, repository.deployment_branches("prod")
    admitted = any(admits(pattern, default) for pattern in patterns)
    named = default in {repository.trigger_branch("prod"), *patterns}
    if default in live.workflows and not (admitted and named):
        text = ("default branch", repository.trigger_branch("prod"), default)
        direction = Direction.WEAKER if admitted else Direction.STRONGER
        rule = "repository/default_branch"
        yield Finding(repository.name, kinds.REPOSITORY.at(), *text, direction, Repair.HAND, rule)


def _oidc_provider(account: Account, live: ObservedAccount) -> Iterator[Finding]:
    """The provider's audiences; whose provider it is decides what may be in it besides ours."""
    found = partial(Finding, "", kinds.OIDC_PROVIDER.at(account.account_id))
    made_here = account.oidc_provider == "create"
    repair = Repair.UP if made_here else Repair.HAND
    if live.oidc_audiences is None:
        yield found("", "there", "", Direction.NEUTRAL, repair, "oidc_provider/missing")
        return
    wanted = frozenset({AUDIENCE})
    others = live.oidc_audiences - wanted
    lacking = wanted - live.oidc_audiences
    if lacking or (others and made_here):
        direction = Direction.WEAKER if others and made_here else Direction.STRONGER
        text = ("audiences", AUDIENCE, ", ".join(sorted(live.oidc_audiences)))
        rule, both = "oidc_provider/audiences", bool(others and lacking)
        yield found(*text, direction, repair, rule, both_ways=both)

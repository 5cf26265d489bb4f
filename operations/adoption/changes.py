"""List what the first `up` changes, once everything that exists is in Pulumi's state.

Built on the comparison that `slipway drift` makes: what is different now is what `up` changes then,
in the opposite direction. Added is what that comparison says in one word for many objects, and what
the provider writes again because an import can't tell it (measured with pulumi-github 6.15).
Differences that only a person can repair are not changes: see `kept`.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from components.documents.role import role_description
from components.documents.workflows import workflow_branches
from components.model.repository import Repository
from components.model.stack import Stack
from components.model.types import ENVIRONMENTS
from components.objects.desired import Desired, desired
from components.objects.kind import Kind
from components.objects.kinds import (
    BRANCH_POLICY,
    ENVIRONMENT,
    INLINE_POLICY,
    KINDS,
    ROLE,
    SECRET,
    TAG_POLICY,
    WORKFLOW,
)
from components.objects.rules import ADDED
from operations.adoption.already_written import Place
from operations.adoption.change import Act, Change
from operations.diff.compare import compare
from operations.diff.finding import Direction, Finding, Repair
from operations.diff.iam import policies
from operations.diff.roles import DeclaredRole
from operations.diff.workflows.compare import blob_id
from operations.diff.workflows.declared_files import DeclaredFiles
from operations.live.observed import Observed, ObservedRepository

#: Differences for which one object is made; of one with parts see `_made`.
_MADE: Final = {kind.missing for kind in KINDS if kind.missing}
#: A workflow's name is a part of its content.
_PARTS: Final = frozenset({"workflow/name"})
_POLICIES: Final = (BRANCH_POLICY, TAG_POLICY)
#: Lists of policies and roles that the list of changes says otherwise, or not at all.
_UNSAID: Final = {kind for kind in KINDS if kind.lists}


def changes(stack: Stack, observed: Observed, written: Collection[Place] = ()) -> list[Change]:
    """Every change and addition, sorted.

    Args:
        stack: the repositories to adopt, resolved.
        observed: GitHub and AWS now, with each of the repositories there.
        written: places that an earlier `up` has written already, so that it does not do it again.
    """
    files = DeclaredFiles(stack)
    findings = [
        finding
        for finding in compare(stack, observed, files=files)
        if finding.repair is not Repair.HAND and finding.rule not in _PARTS | ADDED
    ]
    repositories = {repository.name: repository for repository in stack.repositories}
    found = set(_from(findings, stack, observed))
    for name, repository in repositories.items():
        live = observed.repositories[name]
        assert live is not None
        found |= set(_of_roles(stack, repository, live, observed))
        found |= set(_rewritten(repository, live))
        found |= set(_committed(repository, live, files))
    return sorted(
        change
        for change in found
        if change.act is not Act.REWRITE or (change.repository, change.object) not in written
    )


def _from(findings: Iterable[Finding], stack: Stack, observed: Observed) -> Iterator[Change]:
    wanted = [one for one in desired(stack, observed.repositories) if one.key.kind not in _UNSAID]
    parents = {(one.repository, one.key.parent) for one in wanted}
    for finding in findings:
        if finding.rule == "environment/branch_policy":
            yield from _made(finding, wanted, finding.repaired, _POLICIES)
        elif finding.rule == finding.object.kind.missing and finding.place in parents:
            yield from _made(finding, wanted, Direction.STRONGER)
            continue
        made = finding.rule in _MADE
        # Without the count of lines that differ, which is for the opposite direction.
        before, after = finding.live.partition(" (")[0], finding.declared
        if finding.rule == "workflow/content":
            before, after = f"somebody's, {before}", f"the standard's, {after}"
        yield Change(
            finding.repository,
            finding.object,
            "" if made else finding.field,
            "" if made else before,
            (after or "there") if made else after,
            finding.repaired,
            Act.CREATE if made else Act.UPDATE,
        )


def _made(
    finding: Finding,
    wanted: Iterable[Desired],
    direction: Direction,
    of: Collection[Kind] = KINDS,
) -> Iterator[Change]:
    """The objects that are made with a missing one: itself and all in it, of some kinds.

    An environment that is not there protects nothing, so that it and its policies are stronger.
    """
    for one in wanted:
        whole = one.key if one.key == finding.object else one.key.parent
        if (one.repository, whole) == finding.place and one.key.kind in of and not one.external:
            protects = one.key.kind in {ENVIRONMENT, *_POLICIES}
            way = direction if protects else Direction.NEUTRAL
            yield Change(*one.place, "", "", "there", way, Act.CREATE)


def _of_roles(
    stack: Stack, repository: Repository, live: ObservedRepository, observed: Observed
) -> Iterator[Change]:
    """What no comparison looks at as it admits nobody: descriptions, other words for the same."""
    for name in ENVIRONMENTS:
        account = observed.accounts[stack.settings.account(name).account_id]
        wanted = DeclaredRole.of(stack.settings, repository, name, live)
        role = account.roles.get(wanted.name.lower())
        if role is None:
            continue
        place = ROLE.at(wanted.name)
        text = role_description(stack.settings, repository, name)
        if role.description != text:
            values = ("description", role.description, text)
            yield Change(repository.name, place, *values, Direction.NEUTRAL, Act.UPDATE)
        documents = [(place, "trust", wanted.trust, role.trust)]
        for policy, document in wanted.inline_policies.items():
            if there := role.inline_policies.get(policy):
                object_ = INLINE_POLICY.at(wanted.name, policy)
                documents.append((object_, "document", document, there))
        for object_, field, document, there in documents:
            if document != there and policies.compare(document, there) is None:
                values = (field, "the same in other words", "slipway's words")
                yield Change(repository.name, object_, *values, Direction.NEUTRAL, Act.REWRITE)


def _rewritten(repository: Repository, live: ObservedRepository) -> Iterator[Change]:
    """What GitHub does not tell of an environment, so that an import has none of it."""
    for name in ENVIRONMENTS:
        environment = live.environments.get(name)
        if environment is None:
            continue
        place = ENVIRONMENT.at(name)
        declared = repository.environment(name)
        if not environment.reviewers:
            # This rule is told beside reviewers only.
            text = ("prevent_self_review", "", str(declared.prevent_self_review).lower())
            yield Change(repository.name, place, *text, Direction.NEUTRAL, Act.REWRITE)
        for secret in sorted(declared.managed_secrets):
            if since := environment.secrets.get(secret.upper()):
                text = ("value", f"since {since:%Y-%m-%d %H:%M} UTC", "the declaration's")
                object_ = SECRET.at(name, secret.upper())
                yield Change(repository.name, object_, *text, Direction.NEUTRAL, Act.REWRITE)


def _committed(
    repository: Repository, live: ObservedRepository, files: DeclaredFiles
) -> Iterator[Change]:
    """Files that are there already, with the same content: they are committed once more."""
    for file, branches in workflow_branches(repository, live.default_branch).items():
        blob = blob_id(files.contents(repository.name)[file])
        for branch in branches:
            there = live.workflows.get(branch, {}).get(file)
            if there is not None and there.blob == blob:
                text = ("commit", "", "the same content, committed by slipway")
                object_ = WORKFLOW.at(file, branch)
                yield Change(repository.name, object_, *text, Direction.NEUTRAL, Act.REWRITE)

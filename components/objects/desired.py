"""Every object that a stack's declaration asks for, with its values. Pure.

Resources are written by hand, as order, aliases and retention are their own subject; a test holds
them to this list (tests/components/objects/test_resources.py).

Deliberately absent: values of secrets, and numeric ids of reviewers, which only GitHub knows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from components.documents.delivery import pull_request_body, pull_request_title
from components.documents.role import (
    environment_variables,
    role_description,
    role_policies,
    role_tags,
)
from components.documents.role_trust import role_trust
from components.documents.workflows import declared_workflows, workflow_branches
from components.model.branches import as_found
from components.model.delivery import ByPullRequest
from components.model.repository import Repository
from components.model.stack import Stack, StackSettings
from components.model.token_facts import TokenFacts
from components.model.types import EnvironmentName
from components.objects import kinds
from components.objects.kind import Key, Place


class Facts(TokenFacts, Protocol):
    """GitHub's facts about a repository on which its objects depend."""

    @property
    def default_branch(self) -> str:
        """The branch that has prod's workflow."""

    def has_branch(self, name: str) -> bool:
        """Whether a declared trigger branch exists."""

    @property
    def by_pull_request(self) -> Mapping[str, ByPullRequest]:
        """Branches that get their files by pull request."""


@dataclass(frozen=True)
class Desired:
    """One object as declared."""

    repository: str
    """Declared name; empty for what belongs to an account."""
    key: Key
    """Which object."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """By names of the kind's fields."""
    external: bool = False
    """Whether another tool writes it, so that it is declared and not provisioned."""
    keep: bool = False
    """Whether Pulumi leaves it where it is once it is not declared any more."""

    @property
    def place(self) -> Place:
        """Repository and key."""
        return self.repository, self.key


def desired(stack: Stack, live: Mapping[str, Facts | None]) -> Iterator[Desired]:
    """All objects of a stack, in the order in which they are made.

    Args:
        stack: the declaration.
        live: by declared name; of a repository that GitHub does not show, objects that need its
            facts are left out.
    """
    for _, account in stack.settings.distinct_accounts():
        if account.oidc_provider == "create":
            values = {
                "url": f"https://{account.issuer}",
                "audiences": [account.audience],
                "tags": stack.settings.tags | stack.own_provider_tags,
            }
            yield Desired("", kinds.OIDC_PROVIDER.at(account.account_id), values)
    for repository in stack.repositories:
        yield from repository_objects(stack.settings, repository, live.get(repository.name))


def repository_objects(
    settings: StackSettings, repository: Repository, facts: Facts | None
) -> Iterator[Desired]:
    """All objects of one repository; arguments as of `desired`."""
    repository = as_found(repository, facts)
    for name in repository.environment_names:
        yield from _environment(repository, name)
    if facts is not None:
        yield from _workflows(settings, repository, facts)
    for name in repository.environment_names:
        yield from _configuration(settings, repository, name)
    for name in repository.environment_names:
        yield from _role(settings, repository, name, facts)


def _environment(repository: Repository, name: EnvironmentName) -> Iterator[Desired]:
    declared, keep = repository.environment(name), repository.offboarding.environments == "keep"
    values = {
        "reviewers": declared.reviewers.names,
        "wait_minutes": declared.wait_minutes,
        "prevent_self_review": declared.prevent_self_review,
        "admin_bypass": declared.admin_bypass,
        "deployment_branches": "custom",
    }
    yield Desired(repository.name, kinds.ENVIRONMENT.at(name), values, keep=keep)
    for kind, patterns in (
        (kinds.BRANCH_POLICY, repository.deployment_branches(name)),
        (kinds.TAG_POLICY, declared.deployment_tags),
    ):
        for pattern in patterns:
            yield Desired(repository.name, kind.at(name, pattern), keep=keep)
    for app in declared.deployment_protection_rules:
        yield Desired(repository.name, kinds.CUSTOM_RULE.at(name, app), external=True)


def _workflows(settings: StackSettings, repository: Repository, facts: Facts) -> Iterator[Desired]:
    default_branch = facts.default_branch
    contents = declared_workflows(repository, settings)
    placement = workflow_branches(repository, default_branch)
    for branch in dict.fromkeys(branch for branches in placement.values() for branch in branches):
        if branch != default_branch:
            source = {"source": default_branch}
            yield Desired(repository.name, kinds.BRANCH.at(branch), source, keep=True)
    keep = repository.offboarding.workflow_files == "keep"
    for file, branches in placement.items():
        for branch in branches:
            delivery = facts.by_pull_request.get(branch)
            if delivery is None or file in delivery.there:
                values = {"content": contents[file]}
                kept = keep or delivery is not None
                yield Desired(repository.name, kinds.WORKFLOW.at(file, branch), values, keep=kept)
    for branch, delivery in facts.by_pull_request.items():
        if delivery.opens:
            yield from _pull_request(repository, branch, delivery, contents)


def _pull_request(
    repository: Repository, branch: str, delivery: ByPullRequest, contents: Mapping[str, str]
) -> Iterator[Desired]:
    """The branch of slipway's own, its files, and the request; they stay once it is merged."""
    name, head = repository.name, delivery.head
    yield Desired(name, kinds.BRANCH.at(head), {"source": branch}, keep=True)
    for file in delivery.pending:
        key = kinds.WORKFLOW.at(file, head)
        yield Desired(name, key, {"content": contents[file]}, keep=True)
    values = {
        "head": head,
        "title": pull_request_title(branch),
        "body": pull_request_body(repository, branch, delivery.pending, delivery.content),
    }
    yield Desired(name, kinds.PULL_REQUEST.at(branch), values, keep=True)


def _configuration(
    settings: StackSettings, repository: Repository, name: EnvironmentName
) -> Iterator[Desired]:
    for variable, value in environment_variables(settings, repository, name).items():
        yield Desired(repository.name, kinds.VARIABLE.at(name, variable), {"value": value})
    for secret, source in repository.environment(name).secrets.items():
        yield Desired(repository.name, kinds.SECRET.at(name, secret), external=source.external)


def _role(
    settings: StackSettings, repository: Repository, name: EnvironmentName, facts: Facts | None
) -> Iterator[Desired]:
    role, declared = repository.role_name(settings.owner, name), repository.environment(name).role
    trust = facts and {"trust": role_trust(settings, repository, name, facts)}
    values = {
        "path": declared.path,
        "permissions_boundary": declared.permissions_boundary,
        "max_session_seconds": declared.max_session_seconds,
        "tags": role_tags(settings, repository, name),
        "description": role_description(settings, repository, name),
    }
    yield Desired(repository.name, kinds.ROLE.at(role), values | (trust or {}))
    policies = role_policies(settings, repository, name)
    for policy, document in policies.items():
        key = kinds.INLINE_POLICY.at(role, policy)
        yield Desired(repository.name, key, {"document": document})
    for arn in declared.managed_policies:
        yield Desired(repository.name, kinds.MANAGED_POLICY.at(role, arn))
    unmanaged = repository.unmanaged
    if not unmanaged.inline_policies:
        listed = {"policies": list(policies)}
        yield Desired(repository.name, kinds.INLINE_POLICY_LIST.at(role), listed)
    if not unmanaged.managed_policies:
        listed = {"policies": list(declared.managed_policies)}
        yield Desired(repository.name, kinds.MANAGED_POLICY_LIST.at(role), listed)

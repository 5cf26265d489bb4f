"""A live world that is exactly as declared, with functions that change one place."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from components.documents.delivery import blob_id
from components.documents.role import (
    environment_variables,
    role_arn,
    role_policies,
    role_tags,
)
from components.documents.role_trust import role_trust
from components.documents.workflows import render_workflows, workflow_branches
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.stack import Stack, StackSettings
from components.model.token_facts import TokenFacts, Unasked
from components.model.types import EnvironmentName
from operations.live.observed import (
    Observed,
    ObservedAccount,
    ObservedEnvironment,
    ObservedRepository,
    ObservedRole,
    ObservedWorkflow,
)

WRITTEN = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
PREFIX = "repo:acme/billing"
FOREIGN = "name: other\non: push\njobs:\n  a:\n    environment: %s\n    steps: []\n"

SETTINGS = StackSettings.model_validate(
    {
        "owner": "acme",
        "accounts": {
            "dev": {"account_id": "111111111111", "region": "eu-west-1"},
            "test": {"account_id": "222222222222", "region": "eu-west-1"},
            "prod": {
                "account_id": "333333333333",
                "region": "eu-west-1",
                "oidc_provider": "existing",
            },
        },
    }
)
BILLING: dict[str, Any] = {
    "repository": "billing",
    "deploy": {"lambda_function": "billing-api"},
    "environments": {
        "prod": {
            "reviewers": {"teams": ["platform", "payments"], "users": ["Octocat"]},
            "wait_minutes": 10,
            "prevent_self_review": True,
            "deployment_tags": ["v*"],
            "deployment_protection_rules": ["change-gate"],
            "secrets": ["DATABASE_URL"],
            "variables": {"log_level": "warning"},
            "role": {
                "permissions_boundary": "arn:aws:iam::333333333333:policy/deployments",
                "managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            },
        }
    },
}


def stack(**changes: Any) -> Stack:
    """The stack, with other values for keys of its only repository's declaration."""
    repository = Repository.model_validate(BILLING | changes).read_from("acme", "billing.yaml")
    return Stack(name="acme", settings=SETTINGS, repositories=(repository,))


def as_declared(declared: Stack, **facts: Any) -> Observed:
    """Return the live world right after a successful `up`, with other facts of the repository."""
    (repository,) = declared.repositories
    roles: dict[str, dict[str, ObservedRole]] = {}
    live = ObservedRepository(
        full_name="acme/billing",
        html_url="https://github.com/acme/billing",
        visibility="private",
        id=7,
        owner_id=1,
        archived=False,
        default_branch="main",
        subject_prefix=PREFIX,
        subject_claims=(),
        environments={name: environment(declared, name) for name in repository.environment_names},
        other_environments=(),
        workflows=workflows(repository),
    )
    live = replace(live, **facts)
    for name in repository.environment_names:
        account = declared.settings.account(name).account_id
        made = role(declared, name, live)
        roles.setdefault(account, {})[made.name.lower()] = made
    return Observed(
        repositories={"billing": live},
        accounts={
            account.account_id: ObservedAccount(
                account.account_id,
                roles.get(account.account_id, {}),
                account.oidc_provider_arn,
                frozenset({"sts.amazonaws.com"}),
                oidc_tags={"managed-by": "slipway"},
            )
            for _, account in declared.settings.distinct_accounts()
        },
    )


def environment(declared: Stack, name: EnvironmentName) -> ObservedEnvironment:
    """One environment as declared."""
    (repository,) = declared.repositories
    wanted = repository.environment(name)
    variables = environment_variables(declared.settings, repository, name)
    return ObservedEnvironment(
        name=name,
        users=frozenset(login.lower() for login in wanted.reviewers.users),
        teams=frozenset(wanted.reviewers.teams),
        wait_minutes=wanted.wait_minutes,
        prevent_self_review=wanted.prevent_self_review,
        admin_bypass=wanted.admin_bypass,
        custom_rules=frozenset(wanted.deployment_protection_rules),
        branch_policy="custom",
        branches={pattern: n for n, pattern in enumerate(repository.deployment_branches(name))},
        tags={pattern: n for n, pattern in enumerate(wanted.deployment_tags, 10)},
        variables={variable.upper(): value for variable, value in variables.items()},
        secrets=dict.fromkeys(wanted.secrets, WRITTEN),
    )


_RENDERED: dict[str, Mapping[str, str]] = {}


def _contents(repository: Repository) -> Mapping[str, str]:
    """The files' texts; most tests have the same repository."""
    pipeline = Pipeline.of(repository, None)
    key = f"{repository.name} {pipeline!r}"
    if key not in _RENDERED:
        _RENDERED[key] = render_workflows(repository.name, pipeline)
    return _RENDERED[key]


def workflows(repository: Repository) -> dict[str, dict[str, ObservedWorkflow]]:
    """The files on their branches."""
    contents = _contents(repository)
    found: dict[str, dict[str, ObservedWorkflow]] = {}
    for file, branches in workflow_branches(repository, "main").items():
        for branch in branches:
            text = contents[file]
            found.setdefault(branch, {})[file] = ObservedWorkflow(blob_id(text), text)
    return found


def role(declared: Stack, name: EnvironmentName, facts: TokenFacts | None = None) -> ObservedRole:
    """One role as declared, by default of a repository that GitHub was not asked about."""
    facts = facts or Unasked(full_name=PREFIX.removeprefix("repo:"))
    (repository,) = declared.repositories
    wanted = repository.environment(name).role
    return ObservedRole(
        name=repository.role_name("acme", name),
        arn=role_arn(declared.settings, repository, name),
        path=wanted.path,
        description="",
        trust=role_trust(declared.settings, repository, name, facts),
        inline_policies=role_policies(declared.settings, repository, name),
        managed_policies=frozenset(wanted.managed_policies),
        permissions_boundary=wanted.permissions_boundary,
        max_session_seconds=wanted.max_session_seconds,
        tags=role_tags(declared.settings, repository, name),
    )


def with_repository(observed: Observed, **changes: Any) -> Observed:
    """The world with other facts of the repository."""
    live = observed.repositories["billing"]
    assert live is not None
    return replace(observed, repositories={"billing": replace(live, **changes)})


def with_environment(observed: Observed, name: str, **changes: Any) -> Observed:
    """The world with another environment of that name."""
    live = observed.repositories["billing"]
    assert live is not None
    changed = replace(live.environments[name], **changes)
    return with_repository(observed, environments={**live.environments, name: changed})


def with_workflow(
    observed: Observed, branch: str, file: str, found: ObservedWorkflow | None
) -> Observed:
    """The world with another workflow file on a branch, or without it."""
    live = observed.repositories["billing"]
    assert live is not None
    files = {name: there for name, there in live.workflows[branch].items() if name != file}
    files |= {file: found} if found else {}
    return with_repository(observed, workflows={**live.workflows, branch: files})


def with_role(observed: Observed, account: str, **changes: Any) -> Observed:
    """The world with another role in an account, which has one."""
    live = observed.accounts[account]
    ((name, made),) = live.roles.items()
    return with_account(observed, account, roles={name: replace(made, **changes)})


def with_account(observed: Observed, account: str, **changes: Any) -> Observed:
    """The world with another account."""
    changed = replace(observed.accounts[account], **changes)
    return replace(observed, accounts={**observed.accounts, account: changed})

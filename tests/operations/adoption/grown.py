"""A repository that no declaration names, as an observer may find it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from components.config.layers import Layers
from components.config.yaml_files import Document
from components.documents.trust import trust_policy
from components.model.repository import Repository
from components.model.stack import Stack, StackSettings
from operations.live.observed import (
    Observed,
    ObservedAccount,
    ObservedEnvironment,
    ObservedRepository,
    ObservedRole,
    ObservedWorkflow,
)

WHEN = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
NUMBERS = {"dev": "111111111111", "test": "222222222222", "prod": "333333333333"}
RAW = {
    "owner": "acme",
    "accounts": {
        name: {"account_id": number, "region": "eu-west-1", "oidc_provider": "existing"}
        for name, number in NUMBERS.items()
    },
}
SETTINGS = StackSettings.model_validate(RAW)
PROD = ObservedEnvironment(
    name="prod",
    users=frozenset(),
    teams=frozenset({"platform"}),
    wait_minutes=0,
    prevent_self_review=False,
    admin_bypass=True,
    branch_policy="any",
    branches={},
    tags={},
    variables={},
    secrets={},
)
LEDGER = ObservedRepository(
    full_name="acme/ledger",
    html_url="https://github.com/acme/ledger",
    visibility="private",
    id=7,
    archived=False,
    default_branch="main",
    subject_prefix="repo:acme/ledger",
    subject_claims=(),
    environments={"prod": PROD},
    other_environments=(),
    workflows={"main": {}, "develop": {}},
)


def with_prod(**changes: Any) -> ObservedRepository:
    """Return the repository with another prod."""
    return replace(LEDGER, environments={"prod": replace(PROD, **changes)})


def workflow(text: str) -> ObservedWorkflow:
    """Return a workflow file whose text was read."""
    return ObservedWorkflow("0" * 40, text)


def role(name: str, environment: str, *subjects: str, **changes: Any) -> ObservedRole:
    """Return a role that trusts patterns of subjects of GitHub's id-tokens."""
    number = NUMBERS[environment]
    provider = f"arn:aws:iam::{number}:oidc-provider/token.actions.githubusercontent.com"
    trust = trust_policy(provider, "x")
    (statement,) = trust["Statement"]
    key = "token.actions.githubusercontent.com:sub"
    del statement["Condition"]["StringEquals"][key]
    statement["Condition"]["StringLike"] = {key: list(subjects)}
    made = ObservedRole(
        name=name,
        arn=f"arn:aws:iam::{number}:role/{name}",
        path="/",
        description="",
        trust=trust,
        inline_policies={},
        managed_policies=frozenset(),
        permissions_boundary=None,
        max_session_seconds=3600,
        tags={},
    )
    return replace(made, **changes)


def accounts(**roles: ObservedRole) -> dict[str, ObservedAccount]:
    """Return the three accounts, with roles by the environment they are for."""
    return {
        number: ObservedAccount(
            number,
            {made.name.lower(): made for env, made in roles.items() if env.startswith(name)},
            f"arn:aws:iam::{number}:oidc-provider/token.actions.githubusercontent.com",
            frozenset({"sts.amazonaws.com"}),
        )
        for name, number in NUMBERS.items()
    }


def resolved(declaration: dict[str, Any], defaults: dict[str, Any] | None = None) -> Repository:
    """Return a declaration over a stack's defaults, as the program reads it."""
    settings = Document("_stack.yaml", {"defaults": defaults or {}})
    layers = Layers([(settings, ("defaults",)), (Document("ledger.yaml", declaration), ())])
    return Repository.model_validate(layers.data)


def stack(repository: Repository) -> Stack:
    """Return the stack of one repository."""
    return Stack(name="acme", settings=SETTINGS, repositories=(repository,))


def observed(live: ObservedRepository, **roles: ObservedRole) -> Observed:
    """Return the observed world with the repository in it."""
    return Observed({"ledger": live}, accounts(**roles))

from dataclasses import replace
from typing import Any

import pytest

from operations.adoption.importing import Identities, filled
from operations.live.observed import ObservedWorkflow
from tests.operations.adoption import grown

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
PROD = {"repository": "ledger", "environment": "prod"}
TEST = {"repository": "ledger", "environment": "test"}
DEV_FILE = {"repository": "ledger", "file": ".github/workflows/python-dev.yml"}
URN = "urn:pulumi:acme::slipway"
COMPONENT = f"{URN}::slipway:aws:DeploymentRole::ledger"

#: A resource that a plan would create, and its import id; None: it does not exist.
CASES: dict[str, tuple[str, dict[str, Any], str | None]] = {
    "environment": ("repositoryEnvironment:RepositoryEnvironment", PROD, "ledger:prod"),
    "no environment": ("repositoryEnvironment:RepositoryEnvironment", TEST, None),
    "branch pattern": (
        "repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy",
        PROD | {"branchPattern": "release/*"},
        "ledger:prod:41",
    ),
    "tag pattern": (
        "repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy",
        PROD | {"tagPattern": "v*"},
        "ledger:prod:42",
    ),
    "a tag's name as a branch": (
        "repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy",
        PROD | {"branchPattern": "v*"},
        None,
    ),
    "variable": (
        "actionsEnvironmentVariable:ActionsEnvironmentVariable",
        PROD | {"variableName": "level"},
        "ledger:prod:level",
    ),
    "no variable": (
        "actionsEnvironmentVariable:ActionsEnvironmentVariable",
        TEST | {"variableName": "level"},
        None,
    ),
    "secret": (
        "actionsEnvironmentSecret:ActionsEnvironmentSecret",
        PROD | {"secretName": "TOKEN"},
        "ledger:prod:TOKEN",
    ),
    "file on the default branch": (
        "repositoryFile:RepositoryFile",
        DEV_FILE,
        "ledger:.github/workflows/python-dev.yml:",
    ),
    "no file on another branch": (
        "repositoryFile:RepositoryFile",
        DEV_FILE | {"branch": "develop"},
        None,
    ),
    "another repository": (
        "repositoryEnvironment:RepositoryEnvironment",
        PROD | {"repository": "other"},
        None,
    ),
    "role": ("aws:iam/role:Role", {"name": "deployer"}, "deployer"),
    "inline policy": (
        "aws:iam/rolePolicy:RolePolicy",
        {"role": "deployer", "name": "own"},
        "deployer:own",
    ),
    "no inline policy": (
        "aws:iam/rolePolicy:RolePolicy",
        {"role": "deployer", "name": "other"},
        None,
    ),
    "managed policy": (
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        {"role": "deployer", "policyArn": READ_ONLY},
        f"deployer/{READ_ONLY}",
    ),
    "what has no id": ("branch:Branch", {"repository": "ledger", "branch": "develop"}, None),
}


@pytest.fixture
def identities() -> Identities:
    """Return ids for a repository with every kind of object in prod and its own role."""
    stack, observed = world()
    return Identities(stack, observed)


def world() -> tuple[Any, Any]:
    """Return the declaration and the live world."""
    live = replace(
        grown.with_prod(
            branch_policy="custom",
            branches={"release/*": 41},
            tags={"v*": 42},
            variables={"LEVEL": "info"},
            secrets={"TOKEN": grown.WHEN},
        ),
        workflows={
            "main": {"python-dev.yml": ObservedWorkflow("0" * 40, "")},
            "develop": {},
        },
    )
    role = grown.role(
        "deployer",
        "prod",
        inline_policies={"own": {}},
        managed_policies=frozenset({READ_ONLY}),
    )
    declaration = {
        "repository": "ledger",
        "environments": {"prod": {"role": {"name": "deployer"}}},
    }
    return grown.stack(grown.resolved(declaration)), grown.observed(live, prod=role)


@pytest.mark.parametrize(("kind", "given", "expected"), CASES.values(), ids=CASES)
def test_an_id_has_the_providers_form(
    identities: Identities, kind: str, given: dict[str, Any], expected: str | None
) -> None:
    """An import id has the form of the provider's documentation; a missing object has none."""
    kind = kind if kind.startswith("aws:") else f"github:index/{kind}"
    state = {"type": kind, "inputs": given, "parent": f"{COMPONENT}-prod"}
    assert identities.of(state) == expected


def test_roles_of_one_name_are_told_apart_by_their_environment(identities: Identities) -> None:
    """Roles of one name in two accounts are told apart by their environment."""
    state = {"type": "aws:iam/role:Role", "inputs": {"name": "deployer"}}
    assert identities.of(state | {"parent": f"{COMPONENT}-dev"}) is None


KIND = "github:index/repositoryEnvironment:RepositoryEnvironment"
ENVIRONMENT = "slipway:github:Environment"


def written(name: str) -> list[dict[str, Any]]:
    """Return Pulumi's import file entries for one environment and its component."""
    resource = {"type": KIND, "name": f"{name}RepositoryEnvironment", "logicalName": name}
    return [
        {"type": ENVIRONMENT, "name": name, "parent": "ledger", "component": True},
        resource | {"id": "<PLACEHOLDER>", "parent": name, "provider": "github"},
    ]


def created(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the plan's step that creates the same environment."""
    urn = f"{URN}::{ENVIRONMENT}${KIND}::ledger-{inputs['environment']}"
    return {"op": "create", "newState": {"type": KIND, "urn": urn, "inputs": inputs}}


def test_only_existing_objects_and_their_parents_stay_in_the_file() -> None:
    """The import file keeps existing objects, their components and providers, and nothing else."""
    document = {
        "nameTable": {"x": "y"},
        "resources": [
            {"type": "pulumi:providers:github", "name": "github", "inputs": {}},
            {"type": "slipway:index:OnboardedRepository", "name": "ledger", "component": True},
            *written("ledger-prod"),
            *written("ledger-test"),
        ],
    }
    result = filled(document, {"steps": [created(PROD), created(TEST)]}, *world())
    assert [(entry["name"], entry.get("id")) for entry in result["resources"]] == [
        ("github", None),
        ("ledger", None),
        ("ledger-prod", None),
        ("ledger-prodRepositoryEnvironment", "ledger:prod"),
    ]
    assert result["nameTable"] == {"x": "y"}


def test_a_plan_that_creates_nothing_has_an_empty_file() -> None:
    """If everything is imported already, the import file has no resources."""
    assert filled({}, {"steps": []}, *world()) == {"resources": []}

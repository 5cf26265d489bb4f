from typing import Any

import pytest

from operations.diff.finding import Finding
from operations.engine.plan.findings import preview_findings

ROLES = {"acme.billing-prod": "billing"}
INDEX = "github:index"


def step(op: str, kind: str, name: str, *fields: str, **states: Any) -> dict[str, Any]:
    """A step as pulumi 3.256 prints it."""
    urn = f"urn:pulumi:s::slipway::slipway:index:OnboardedRepository${kind}::{name}"
    made: dict[str, Any] = {"op": op, "urn": urn, "diffReasons": list(fields)}
    for state in ("oldState", "newState"):
        if state in states:
            made[state] = {"type": kind, "custom": True, **states[state]}
    return made


def said(*steps: dict[str, Any]) -> list[str]:
    """Return the findings of a plan as text."""
    return [in_words(finding) for finding in preview_findings({"steps": list(steps)}, ROLES)]


def in_words(finding: Finding) -> str:
    """Return repository, object, field, declared and live value."""
    words = (finding.repository, str(finding.object), finding.field, finding.declared, finding.live)
    return " | ".join(words)


def test_an_update_is_one_finding_per_field() -> None:
    """An update has one finding per field, with the refreshed live and the declared value."""
    kind = f"{INDEX}/repositoryEnvironment:RepositoryEnvironment"
    place = {"repository": "billing", "environment": "prod"}
    update = step(
        "update",
        kind,
        "billing-prod",
        "waitTimer",
        "deploymentBranchPolicy",
        oldState={"inputs": {"waitTimer": 10}, "outputs": {**place, "waitTimer": 0}},
        newState={
            "inputs": {
                **place,
                "waitTimer": 10,
                "deploymentBranchPolicy": {"customBranchPolicies": True},
            }
        },
    )
    assert said(update) == [
        "billing | environment prod | wait_minutes | 10 | 0",
        'billing | environment prod | deployment_branches | {"customBranchPolicies": true} | ',
    ]


def test_a_retained_deletion_is_no_finding() -> None:
    """A deletion from the state that keeps the object (`retainOnDelete`) is no finding."""
    kind = f"{INDEX}/repositoryEnvironment:RepositoryEnvironment"
    inputs = {"repository": "billing", "environment": "prod"}
    gone = step("delete", kind, "billing-prod", oldState={"inputs": inputs})
    kept = step("delete", kind, "billing-prod", oldState={"inputs": inputs, "retainOnDelete": True})
    assert said(gone, kept) == ["billing | environment prod |  |  | there"]


INPUTS = {
    f"{INDEX}/actionsEnvironmentVariable:ActionsEnvironmentVariable": (
        {"repository": "billing", "environment": "dev", "variableName": "Level"},
        "billing | environment dev, variable LEVEL",
    ),
    f"{INDEX}/actionsEnvironmentSecret:ActionsEnvironmentSecret": (
        {"repository": "billing", "environment": "dev", "secretName": "TOKEN"},
        "billing | environment dev, secret TOKEN",
    ),
    f"{INDEX}/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy": (
        {"repository": "billing", "environment": "prod", "tagPattern": "v*"},
        "billing | environment prod, tag policy v*",
    ),
    f"{INDEX}/repositoryFile:RepositoryFile": (
        {"repository": "billing", "file": ".github/workflows/python-dev.yml"},
        "billing | python-dev.yml on feature:x",
    ),
    f"{INDEX}/branch:Branch": (
        {"repository": "billing", "branch": "develop"},
        "billing | branch develop",
    ),
    "aws:iam/role:Role": (
        {"name": "acme.billing-prod"},
        "billing | role acme.billing-prod",
    ),
    "aws:iam/rolePolicy:RolePolicy": (
        {"role": "acme.billing-prod", "name": "deploy"},
        "billing | role acme.billing-prod, inline policy deploy",
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (
        {"role": "acme.jobs-test", "policyArn": "arn:aws:iam::aws:policy/P"},
        "jobs | role acme.jobs-test, managed policy arn:aws:iam::aws:policy/P",
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": (
        {"url": "https://token.actions.githubusercontent.com"},
        " | OIDC provider of account 111111111111",
    ),
}
NAMES = {
    f"{INDEX}/repositoryFile:RepositoryFile": "billing-python-dev.yml:feature:x",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "oidc-111111111111",
}


@pytest.mark.parametrize("kind", INPUTS)
def test_every_type_has_the_observers_name(kind: str) -> None:
    """A created object has the observer's name, so that both findings merge into one."""
    inputs, words = INPUTS[kind]
    create = step("create", kind, NAMES.get(kind, "x"), newState={"inputs": inputs})
    assert said(create) == [f"{words} |  | there | not in the state"]


def test_unreadable_fields_of_a_file_are_one_commit() -> None:
    """Unreadable commit fields of a file are one change, or part of a change of its content."""
    kind = f"{INDEX}/repositoryFile:RepositoryFile"
    file = {"repository": "billing", "file": ".github/workflows/python-dev.yml"}
    states: dict[str, Any] = {
        "oldState": {"inputs": file},
        "newState": {"inputs": file | {"commitMessage": "Manage it", "content": "new"}},
    }
    unread = ("commitMessage", "overwriteOnCreate")
    update = ("update", kind, "billing-python-dev.yml:main")
    name = "billing | python-dev.yml on main"
    assert said(step(*update, *unread, **states)) == [f"{name} | commit | Manage it | "]
    assert said(step(*update, *unread, "content", **states)) == [f"{name} | content | new | "]


def test_a_renamed_repository_is_one_finding() -> None:
    """A renamed repository is one finding, besides other changed fields of its objects."""
    kinds = {
        "actionsEnvironmentVariable:ActionsEnvironmentVariable": {"variableName": "X"},
        "repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy": {
            "branchPattern": "main"
        },
        "branch:Branch": {"branch": "develop"},
    }
    steps = [
        step(
            "replace" if "Branch" in kind.partition(":")[2] else "update",
            f"{INDEX}/{kind}",
            "x",
            "repository",
            "value",
            oldState={"inputs": inputs | {"repository": "billing", "environment": "dev"}},
            newState={"inputs": inputs | {"repository": "invoices", "environment": "dev"}},
        )
        for kind, inputs in kinds.items()
    ]
    assert set(said(*steps)) == {
        "invoices | repository | name | invoices | billing in the state",
        "invoices | environment dev, variable X | value |  | ",
    }


def test_properties_of_the_provider_alone_are_no_finding() -> None:
    """Provider-only properties of a role are no finding, and tagsAll repeats tags."""
    role = {"inputs": {"name": "acme.billing-prod"}}
    states: dict[str, Any] = {"oldState": role, "newState": role}
    detach = ("update", "aws:iam/role:Role", "x", "forceDetachPolicies")
    assert said(step(*detach, **states)) == []
    assert len(said(step(*detach, "tags", "tagsAll", **states))) == 1
    assert len(said(step(*detach, "tagsAll", **states))) == 1
    (path,) = said(step(*detach, "path", **states))
    assert path == "billing | role acme.billing-prod | path |  | "


def test_a_deletion_is_named_by_the_live_object() -> None:
    """A deletion is a finding that is named by the live object."""
    kind = f"{INDEX}/branch:Branch"
    old = {"inputs": {"repository": "gone", "branch": "develop"}}
    assert said(step("delete", kind, "x", oldState=old)) == ["gone | branch develop |  |  | there"]


def test_an_edited_pattern_is_a_removal_and_an_addition() -> None:
    """An edited branch pattern is two findings, as the observer reports it."""
    kind = f"{INDEX}/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"
    place = {"repository": "billing", "environment": "prod"}
    update = step(
        "update",
        kind,
        "billing-prod-branch:main",
        "branchPattern",
        oldState={"outputs": {**place, "branchPattern": "*"}},
        newState={"inputs": {**place, "branchPattern": "main"}},
    )
    assert said(update) == [
        "billing | environment prod, branch policy main |  | main | ",
        "billing | environment prod, branch policy * |  |  | *",
    ]


def test_steps_that_change_nothing_live_are_no_finding() -> None:
    """Steps that change nothing live, components and parts of replacements are no finding."""
    kind = "aws:iam/role:Role"
    state = {"inputs": {"name": "acme.billing-prod"}}
    quiet = [
        step(op, kind, "x", newState=state, oldState=state)
        for op in (
            *("same", "refresh", "read", "import", "import-replacement"),
            *("create-replacement", "delete-replaced"),
        )
    ]
    component = step("create", "slipway:index:OnboardedRepository", "billing", newState={})
    component["newState"]["custom"] = False
    assert said(*quiet, component) == []


def test_a_replacement_is_one_finding_per_field() -> None:
    """A replacement has one finding per replaced field, and none for its two partial steps."""
    old, new = {"name": "acme.billing-prod", "path": "/"}, {"name": "acme.billing-prod"}
    replaced = step(
        "replace",
        "aws:iam/role:Role",
        "billing-prod",
        "path",
        oldState={"outputs": old},
        newState={"inputs": {**new, "path": "/slipway/"}},
    )
    assert said(replaced) == ["billing | role acme.billing-prod | path | /slipway/ | /"]


def test_an_unknown_value_is_reported_as_unknown() -> None:
    """A value that a preview does not know is reported as unknown, not as Pulumi's placeholder."""
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    update = step(
        "update",
        f"{INDEX}/actionsEnvironmentVariable:ActionsEnvironmentVariable",
        "x",
        "value",
        oldState={"outputs": {"value": "a"}},
        newState={
            "inputs": {
                "repository": "billing",
                "environment": "dev",
                "variableName": "A",
                "value": unknown,
            }
        },
    )
    assert said(update) == ["billing | environment dev, variable A | value | known after up | a"]


@pytest.mark.parametrize(
    ("op", "declared"), [("replace", "made again"), ("update", "written again")]
)
def test_a_change_without_a_field_is_reported_in_words(op: str, declared: str) -> None:
    """A replacement or update without a changed field is reported in words."""
    name = {"name": "acme.billing-prod"}
    states = {"oldState": {"outputs": name}, "newState": {"inputs": name}}
    changed = step(op, "aws:iam/role:Role", "billing-prod", **states)
    assert said(changed) == [f"billing | role acme.billing-prod |  | {declared} | there"]

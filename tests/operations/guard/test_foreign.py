"""Objects that slipway did not create are not destroyed without consent."""

from typing import Any

import pytest

from components.documents.delivery import blob_id
from components.model.stack import Stack
from operations.live.observed import ObservedWorkflow
from tests.operations.diff import worlds
from tests.operations.guard.plans import (
    ENVIRONMENT,
    FILE,
    ROLE,
    ROLES,
    VARIABLE,
    judged,
    several,
    step,
    texts_against,
)


def test_a_repository_that_was_not_adopted_is_not_weakened_or_overwritten_silently() -> None:
    """Weaker protection and overwritten files of a repository that was not adopted need consent."""
    stack = worlds.stack(environments={"prod": {"reviewers": None}})
    text = worlds.workflows(stack.repositories[0])["main"]["python-prd.yml"].text
    theirs = ObservedWorkflow("f" * 40, f"{text}# by hand\n")
    world = worlds.with_workflow(
        worlds.as_declared(worlds.stack()), "main", "python-prd.yml", theirs
    )
    environment = step("create", ENVIRONMENT, repository="billing", environment="prod")
    path = ".github/workflows/python-prd.yml"
    file = step("create", FILE, repository="billing", file=path)
    file["urn"] = f"urn:pulumi:s::p::{FILE}::billing-python-prd.yml:main"
    *weaker, over = judged(environment, file, observed=world, stack=stack)
    assert any("environment prod, reviewers would become weaker: octo" in one for one in weaker)
    assert over.startswith("billing: python-prd.yml on main exists and would be overwritten")
    assert judged(file, observed=worlds.as_declared(worlds.stack())) == []


@pytest.mark.parametrize(
    ("changes", "unknown"),
    [
        ({"other_reviewers": frozenset({"BusinessTeam ent:xyz"})}, "BusinessTeam ent:xyz"),
        ({"other_rules": frozenset({"moon_phase"})}, "moon_phase"),
    ],
)
def test_unknown_rules_are_not_overwritten_silently(changes: dict[str, Any], unknown: str) -> None:
    """Rewriting an environment with unknown rules needs consent: GitHub replaces all its rules."""
    world = worlds.with_environment(worlds.as_declared(worlds.stack()), "dev", **changes)
    named = {"repository": "billing", "environment": "dev"}
    reason = (
        "billing: environment dev would be written and may lose rules that slipway does not know: "
    )
    for op in ("create", "update", "replace"):
        assert f"{reason}{unknown}" in judged(step(op, ENVIRONMENT, **named), observed=world)
    elsewhere = step("update", ENVIRONMENT, repository="billing", environment="test")
    assert not any("does not know" in one for one in judged(elsewhere, observed=world))


def test_foreign_policies_of_a_deleted_role_are_named() -> None:
    """A deleted role's foreign policies are named; slipway's own are not."""
    stack = Stack(name="acme", settings=worlds.SETTINGS, repositories=several(9).repositories[1:])
    world = worlds.as_declared(worlds.stack())
    live = world.accounts["333333333333"].roles["acme.billing-prod"]
    world = worlds.with_role(
        world, "333333333333", inline_policies={**live.inline_policies, "theirs": {}}
    )
    (managed,) = live.managed_policies
    role = step("delete", ROLE, name="acme.billing-prod", arn=live.arn)
    ours = [
        step("delete", "aws:iam/rolePolicy:RolePolicy", role="acme.billing-prod", name=name)
        for name in live.inline_policies
    ]
    attached = step(
        "delete",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        role="acme.billing-prod",
        policyArn=managed,
    )
    said = "role acme.billing-prod would be deleted with foreign objects in it: "
    plan = {"steps": [role, *ours, attached]}
    assert texts_against(stack, plan, world, [], ROLES) == [f"{said}inline policy theirs"]
    plan = {"steps": [role, *ours]}
    (reason,) = texts_against(stack, plan, world, [], ROLES)
    assert reason == f"{said}inline policy theirs, managed policy {managed}"


def test_foreign_contents_of_a_deleted_environment_are_named() -> None:
    """A deleted environment's foreign variables and secrets are named."""
    stack = Stack(name="acme", settings=worlds.SETTINGS, repositories=several(9).repositories[1:])
    world = worlds.as_declared(worlds.stack())
    place = {"repository": "billing", "environment": "prod"}
    ours = [
        step("delete", VARIABLE, variableName=name, **place)
        for name in ("AWS_ROLE_ARN", "AWS_REGION", "LOG_LEVEL")
    ]
    plan = {"steps": [step("delete", ENVIRONMENT, **place), *ours]}
    assert texts_against(stack, plan, world, [], ROLES) == [
        (
            "billing: environment prod would be deleted with foreign objects in it: "
            "secret DATABASE_URL"
        )
    ]


def test_a_secret_that_becomes_external_is_not_deleted() -> None:
    """Deletion of a secret that becomes external is refused: it is still declared."""
    stack = worlds.stack(environments={"prod": {"secrets": {"DATABASE_URL": "external"}}})
    place = {"repository": "billing", "environment": "prod", "secretName": "DATABASE_URL"}
    kind = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret"
    reasons = judged(step("delete", kind, **place), stack=stack)
    gone = "billing: environment prod, secret DATABASE_URL would be deleted, though it is declared"
    assert gone in reasons


def test_slipways_own_file_on_a_renamed_branch_may_be_overwritten() -> None:
    """On a renamed branch slipway's unchanged file may be overwritten, an edited one not."""
    stack = worlds.stack()
    ours = "name: an older text of slipway's\n"
    path = ".github/workflows/python-prd.yml"
    made = step("create", FILE, repository="billing", file=path)
    made["urn"] = f"urn:pulumi:s::p::{FILE}::billing-python-prd.yml:main"
    former = step("delete", FILE, repository="billing", file=path, content=ours)
    former["urn"] = f"urn:pulumi:s::p::{FILE}::billing-python-prd.yml:master"
    for text, told in ((ours, False), (f"{ours}# by hand\n", True)):
        there = ObservedWorkflow(blob_id(text), text)
        world = worlds.with_workflow(worlds.as_declared(stack), "main", "python-prd.yml", there)
        reasons = judged(made, former, observed=world, stack=stack)
        assert any("would be overwritten" in one for one in reasons) is told

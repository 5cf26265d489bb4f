"""A plan needs consent for what it deletes or weakens."""

from dataclasses import replace
from typing import Any

import pytest

from operations.diff.compare import compare
from operations.diff.finding import Direction
from operations.diff.merge import merge
from operations.engine.plan.findings import preview_findings
from operations.guard.consent import repaired_by
from operations.live.observed import Observed
from tests.operations.diff import worlds
from tests.operations.guard.plans import (
    ENVIRONMENT,
    PROVIDER,
    ROLE,
    ROLES,
    VARIABLE,
    gone,
    judged,
    several,
    step,
    texts_against,
)

POLICY = "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"
PROD = {"repository": "billing", "environment": "prod"}


def test_an_empty_plan_and_a_first_up_need_no_consent() -> None:
    """An empty plan and a first `up` need no consent, since they delete and weaken nothing."""
    assert judged() == []
    assert judged(step("create", ENVIRONMENT, repository="billing", environment="prod")) == []
    new = worlds.stack(environments={"prod": {"variables": {"NEW": "1"}}})
    assert judged(stack=new) == []


@pytest.mark.parametrize(("others", "refused"), [(2, True), (3, False)])
def test_more_than_a_quarter_is_too_many(others: int, *, refused: bool) -> None:
    """Consent is needed if more than a quarter of the repositories lose an object."""
    stack = several(others - 1)
    world = worlds.as_declared(worlds.stack())
    world = Observed({r.name: None for r in stack.repositories}, world.accounts)
    plan = {"steps": [gone("old")]}
    reasons = texts_against(stack, plan, world, [], ROLES)
    expected = [f"1 of {others + 1} repositories would lose something: old"] if refused else []
    assert reasons == expected


WEAKER: dict[str, tuple[dict[str, Any], str]] = {
    "reviewers": (
        {"reviewers": {"teams": ["platform", "payments"], "users": ["octocat", "hubot"]}},
        (
            "reviewers would become weaker: octocat, team payments, team platform -> "
            "hubot, octocat, team payments, team platform"
        ),
    ),
    "none": ({"reviewers": None}, "reviewers would become weaker: "),
    "others": (
        {"reviewers": {"users": ["hubot"]}},
        "reviewers would become weaker in part: octocat, team payments, team platform -> hubot",
    ),
    "another boundary": (
        {"role": {"permissions_boundary": "arn:aws:iam::333333333333:policy/wide"}},
        "policy/deployments -> arn:aws:iam::333333333333:policy/wide",
    ),
    "wait": ({"wait_minutes": 5}, "wait_minutes would become weaker: 10 -> 5"),
    "bypass": ({"admin_bypass": True}, "admin_bypass would become weaker: false -> true"),
    "branches": (
        {"deployment_branches": ["main", "hotfix/*"]},
        "environment prod, branch policy hotfix/* would become weaker: nothing -> hotfix/*",
    ),
    "boundary": ({"role": {"managed_policies": None}}, "permissions_boundary would become weaker"),
    "session": (
        {"role": {"max_session_seconds": 7200}},
        "max_session_seconds would become weaker: 3600 -> 7200",
    ),
}
FIELDS = {
    "reviewers": ("reviewers",),
    "none": ("reviewers",),
    "others": ("reviewers",),
    "another boundary": ("permissionsBoundary",),
    "wait": ("waitTimer",),
    "bypass": ("canAdminsBypass",),
    "boundary": ("permissionsBoundary",),
    "session": ("maxSessionDuration",),
}


@pytest.mark.parametrize("name", WEAKER)
def test_protection_is_not_weakened_silently(name: str) -> None:
    """A weaker protection needs consent; the reason names the object and both values."""
    changed, words = WEAKER[name]
    prod: dict[str, Any] = worlds.BILLING["environments"]["prod"] | changed
    stack = worlds.stack(environments={"prod": prod})
    place = {"repository": "billing", "environment": "prod"}
    if name == "branches":
        planned = step("create", POLICY, branchPattern="hotfix/*", **place)
    elif "role" in changed:
        planned = step("update", ROLE, *FIELDS[name], name="acme.billing-prod")
    else:
        planned = step("update", ENVIRONMENT, *FIELDS[name], **place)
    assert any(words in reason for reason in judged(planned, stack=stack))


ANYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.mark.parametrize(
    ("live", "refused"),
    [(None, True), ("s3:*", True), ("?", True), ("*", False), ("deploy", False)],
)
def test_a_role_gets_no_rights_silently(live: str | None, *, refused: bool) -> None:
    """A wider policy of a role needs consent, except the one that the deployment needs."""
    declared: dict[str, Any] = worlds.BILLING["environments"]["prod"]
    own = {**declared["role"], "inline_policies": {"own": ANYTHING}}
    stack = worlds.stack(environments={"prod": {**declared, "role": own}})
    world, name = worlds.as_declared(worlds.stack()), "own"
    if live == "deploy":
        stack, name = worlds.stack(), "deploy"
        world = worlds.with_role(world, "333333333333", inline_policies={})
    elif live:
        statement = {"Effect": "Allow", "Action": live, "Resource": "*"}
        policies = worlds.role(worlds.stack(), "prod").inline_policies
        policies = {**policies, "own": {"Statement": statement}}
        world = worlds.with_role(world, "333333333333", inline_policies=policies)
    kind = "aws:iam/rolePolicy:RolePolicy"
    planned = step(
        "update" if live in {"s3:*", "?"} else "create",
        kind,
        "policy",
        role="acme.billing-prod",
        name=name,
    )
    expected = f"role acme.billing-prod, inline policy {name}"
    assert any(expected in reason for reason in judged(planned, stack=stack, observed=world)) is (
        refused
    )


DENYING = {"Statement": [{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}


@pytest.mark.parametrize("added", [True, False])
def test_a_policy_that_denies_protects(*, added: bool) -> None:
    """An added Deny needs no consent; an update that denies less does."""
    declared: dict[str, Any] = worlds.BILLING["environments"]["prod"]
    wide = {"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
    own = {**declared["role"], "inline_policies": {"own": DENYING}}
    stack = worlds.stack(environments={"prod": {**declared, "role": own}})
    world = worlds.as_declared(worlds.stack())
    if not added:
        policies = worlds.role(worlds.stack(), "prod").inline_policies
        world = worlds.with_role(world, "333333333333", inline_policies={**policies, "own": wide})
    kind, place = "aws:iam/rolePolicy:RolePolicy", {"role": "acme.billing-prod", "name": "own"}
    planned = step("create" if added else "update", kind, "policy", **place)
    assert bool(judged(planned, stack=stack, observed=world)) is not added


def test_deleting_a_policy_that_denies_needs_consent() -> None:
    """Deletion of a policy needs consent if it denies, not if it only allows."""
    allowing = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    kind, place = "aws:iam/rolePolicy:RolePolicy", {"role": "acme.billing-prod", "name": "own"}
    planned = step("delete", kind, **place)
    words = "role acme.billing-prod, inline policy own would become weaker"
    for document, refused in ((DENYING, True), (allowing, False)):
        policies = {**worlds.role(worlds.stack(), "prod").inline_policies, "own": document}
        world = worlds.with_role(
            worlds.as_declared(worlds.stack()), "333333333333", inline_policies=policies
        )
        reasons = judged(planned, observed=world)
        assert any(one.startswith(f"billing: {words}") for one in reasons) is refused


def test_patterns_instead_of_protected_branches_need_consent() -> None:
    """Patterns instead of protected branches need consent: other branches may be admitted."""
    world = worlds.with_environment(
        worlds.as_declared(worlds.stack()), "prod", branch_policy="protected", branches={}, tags={}
    )
    place = {"repository": "billing", "environment": "prod"}
    planned = step("update", ENVIRONMENT, "deploymentBranchPolicy", **place)
    (reason,) = judged(planned, observed=world)
    assert "deployment_branches would become weaker in part: protected branches -> main" in reason
    any_branch = worlds.with_environment(world, "prod", branch_policy="any")
    assert judged(planned, observed=any_branch) == []


@pytest.mark.parametrize(
    ("live", "refused"),
    [(["*"], False), (["ma*", "x"], False), ([], True), (["release/*"], True)],
)
def test_a_pattern_that_live_ones_cover_is_restored_without_consent(
    live: list[str], *, refused: bool
) -> None:
    """A declared pattern needs consent only if it admits a branch that may not deploy now.

    Tags do not count: no tag pattern admits a branch. The words of drift agree with `up`.
    """
    world = worlds.with_environment(
        worlds.as_declared(worlds.stack()),
        "prod",
        branches={pattern: at for at, pattern in enumerate(live, 5)},
        tags={"v*": 10, "*": 11},
    )
    planned = step("create", POLICY, branchPattern="main", **PROD)
    words = "billing: environment prod, branch policy main would become weaker: nothing -> main"
    assert judged(planned, observed=world) == ([words] if refused else [])
    plan = preview_findings({"steps": [planned]}, ROLES)
    (found,) = (
        one
        for one in merge(compare(worlds.stack(), world), plan)
        if one.rule == "environment/missing_branch_policy"
    )
    assert repaired_by(found) == ("up --accept" if refused else "up")
    assert found.direction is (Direction.STRONGER if refused else Direction.NEUTRAL)


def test_a_pattern_that_declared_ones_cover_is_not_weaker() -> None:
    """A live pattern within the declared ones admits nothing more; another one does."""
    world = worlds.with_environment(
        worlds.as_declared(worlds.stack()), "prod", tags={"v*": 10, "v1*": 11, "w*": 12}
    )
    found = {str(one.object): one.direction for one in compare(worlds.stack(), world)}
    assert found == {
        "environment prod, tag policy v1*": Direction.NEUTRAL,
        "environment prod, tag policy w*": Direction.WEAKER,
    }


def test_a_declared_rename_may_move_the_trust_of_a_role_that_keeps_its_name() -> None:
    """A role's trust may follow a declared rename without consent; an undeclared one is refused."""
    declared: dict[str, Any] = worlds.BILLING["environments"]["prod"]
    kept = {"prod": {**declared, "role": {**declared["role"], "name": "deployer"}}}
    before = worlds.as_declared(worlds.stack(environments=kept))
    live = before.repositories["billing"]
    assert live is not None
    renamed = replace(live, subject_prefix="repo:acme@1/invoices@7", full_name="acme/invoices")
    world = Observed({"invoices": renamed}, before.accounts)
    roles = {"deployer": "invoices"}
    plan = {"steps": [step("update", ROLE, "assumeRolePolicy", name="deployer")]}
    for previously, refused in ((["Billing"], False), ([], True)):
        stack = worlds.stack(repository="invoices", previously=previously, environments=kept)
        findings = merge(compare(stack, world), preview_findings(plan, roles))
        reasons = texts_against(stack, plan, world, findings, roles)
        assert any("role deployer, trust" in one for one in reasons) is refused


def test_a_stronger_rule_needs_no_consent() -> None:
    """A repair or a stricter rule needs no consent."""
    weak = worlds.with_environment(
        worlds.as_declared(worlds.stack()), "prod", wait_minutes=0, admin_bypass=True
    )
    place = {"repository": "billing", "environment": "prod"}
    planned = step("update", ENVIRONMENT, "waitTimer", "canAdminsBypass", **place)
    assert judged(planned, observed=weak) == []


def test_a_declared_object_is_not_deleted_silently() -> None:
    """Deletion or replacement of a declared object needs consent."""
    stack = several(9)
    world = worlds.as_declared(worlds.stack())
    world = Observed({r.name: None for r in stack.repositories}, world.accounts)
    place = {"repository": "billing", "environment": "prod"}
    plan = {
        "steps": [
            step("delete", ENVIRONMENT, **place),
            step("replace", ROLE, "path", name="acme.billing-dev"),
            step("delete", VARIABLE, variableName="OLD", **place),
        ]
    }
    assert texts_against(stack, plan, world, [], ROLES) == [
        "billing: environment prod would be deleted, though it is declared",
        (
            "billing: role acme.billing-dev would be deleted and made again, for its path, though "
            "it is declared"
        ),
    ]


def test_a_replaced_role_is_named_by_the_deleted_one() -> None:
    """The reason for a replaced role names the role that is deleted."""
    prod: dict[str, Any] = worlds.BILLING["environments"]["prod"]
    renamed = {**prod, "role": {**prod["role"], "name": "deployer"}}
    stack = worlds.stack(environments={"prod": renamed})
    planned = step("replace", ROLE, "name", name="deployer")
    planned["oldState"] = {**planned["oldState"], "inputs": {"name": "acme.billing-prod"}}
    planned["oldState"]["outputs"] = planned["oldState"]["inputs"]
    stack = stack.model_copy(
        update={"repositories": (*stack.repositories, *several(9).repositories[1:])}
    )
    world = worlds.as_declared(worlds.stack())
    (reason,) = texts_against(stack, {"steps": [planned]}, world, [], {"deployer": "billing"})
    assert reason == (
        "billing: role acme.billing-prod would be deleted and made again as role deployer, for its "
        "name, though it is declared"
    )


@pytest.mark.parametrize(
    ("account", "made_here"), [("111111111111", True), ("333333333333", False)]
)
def test_an_oidc_provider_stays_while_its_account_is_declared(
    account: str, *, made_here: bool
) -> None:
    """Deletion of an account's OIDC provider is refused if slipway created it."""
    arn = f"arn:aws:iam::{account}:oidc-provider/token.actions.githubusercontent.com"
    reasons = judged(step("delete", PROVIDER, arn=arn))
    text = f"OIDC provider of account {account} would be deleted, though it is declared"
    assert reasons == ([text] if made_here else [])


def test_foreign_text_cannot_control_the_terminal() -> None:
    """Foreign text in reasons is made visible, so it cannot control the terminal."""
    change = step("replace", ROLE, "path\x1b[2J", name="acme.billing-prod")
    (reason,) = [one for one in judged(change) if "made again" in one]
    assert reason.endswith(r"for its path\x1b[2J, though it is declared")


def test_a_reason_about_an_account_begins_with_its_object() -> None:
    """A reason about an account's object begins with the object, without a repository."""
    stack = worlds.stack()
    world = worlds.with_account(
        worlds.as_declared(stack), "111111111111", oidc_audiences=frozenset()
    )
    place = "OIDC provider of account 111111111111"
    provider = step("update", PROVIDER, "clientIdLists", url="x")
    provider["urn"] = f"urn:pulumi:s::p::{PROVIDER}::oidc-111111111111"
    (reason,) = judged(provider, observed=world)
    assert reason.startswith(f"{place}, audiences would become weaker: nothing -> sts")

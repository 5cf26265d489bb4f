from typing import Any

import pytest

from components.model.repository import Repository
from components.model.stack import Stack
from operations.drifting.compare import compare
from operations.drifting.preview import preview_findings
from operations.drifting.union import union
from operations.guard.judgement import reasons_against
from operations.observer.observed import Observed, ObservedWorkflow
from tests.operations.drifting import worlds
from tests.operations.drifting.cases import trusting

ENVIRONMENT = "github:index/repositoryEnvironment:RepositoryEnvironment"
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
VARIABLE = "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable"
FILE = "github:index/repositoryFile:RepositoryFile"
ROLE = "aws:iam/role:Role"
ROLES = {f"acme.billing-{name}": "billing" for name in ("dev", "test", "prod")}


def step(op: str, kind: str, *fields: str, **inputs: Any) -> dict[str, Any]:
    """One step of a plan, with the same inputs before and after."""
    state = {"type": kind, "custom": True, "inputs": inputs, "outputs": inputs}
    made: dict[str, Any] = {
        "op": op,
        "urn": f"urn:pulumi:s::p::{kind}::x",
        "diffReasons": list(fields),
    }
    if op != "create":
        made["oldState"] = state
    if op != "delete":
        made["newState"] = state
    return made


def judged(
    *steps: dict[str, Any], observed: Observed | None = None, stack: Stack | None = None
) -> list[str]:
    """The reasons against a plan for the stack, in a live world as declared unless given."""
    stack = stack or worlds.stack()
    world = observed or worlds.as_declared(worlds.stack())
    plan = {"steps": list(steps)}
    findings = union(compare(stack, world), preview_findings(plan, ROLES))
    return reasons_against(stack, plan, world, findings, ROLES)


def several(count: int) -> Stack:
    """A stack of so many repositories besides billing."""
    others = [Repository(repository=f"r{number}") for number in range(count)]
    stack = worlds.stack()
    return stack.model_copy(update={"repositories": (*stack.repositories, *others)})


def gone(name: str) -> dict[str, Any]:
    """A role of a repository that nobody declares any more."""
    return step("delete", ROLE, name=f"acme.{name}-prod")


def test_an_empty_plan_and_a_first_up_need_no_consent() -> None:
    """What is only made takes nothing from anybody."""
    assert judged() == []
    assert judged(step("create", ENVIRONMENT, repository="billing", environment="prod")) == []
    new = worlds.stack(environments={"prod": {"variables": {"NEW": "1"}}})
    assert judged(stack=new) == []


@pytest.mark.parametrize(("others", "refused"), [(2, True), (3, False)])
def test_more_than_a_quarter_is_too_many(others: int, *, refused: bool) -> None:
    """One of four is a quarter, one of three is more; the lost one counts among them."""
    stack = several(others - 1)
    world = worlds.as_declared(worlds.stack())
    world = Observed({r.name: None for r in stack.repositories}, world.accounts)
    plan = {"steps": [gone("old")]}
    reasons = reasons_against(stack, plan, world, [], ROLES)
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
    "wait": ("waitTimer",),
    "bypass": ("canAdminsBypass",),
    "boundary": ("permissionsBoundary",),
    "session": ("maxSessionDuration",),
}


@pytest.mark.parametrize("name", WEAKER)
def test_protection_is_not_weakened_silently(name: str) -> None:
    """The reason names the object, and what is and would be."""
    changed, words = WEAKER[name]
    prod: dict[str, Any] = worlds.BILLING["environments"]["prod"] | changed
    stack = worlds.stack(environments={"prod": prod})
    place = {"repository": "billing", "environment": "prod"}
    if name == "branches":
        kind = (
            "github:index/repositoryEnvironmentDeploymentPolicy:"
            "RepositoryEnvironmentDeploymentPolicy"
        )
        planned = step("create", kind, branchPattern="hotfix/*", **place)
    elif name in {"boundary", "session"}:
        planned = step("update", ROLE, *FIELDS[name], name="acme.billing-prod")
    else:
        planned = step("update", ENVIRONMENT, *FIELDS[name], **place)
    assert any(words in reason for reason in judged(planned, stack=stack))


ANYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.mark.parametrize(
    ("live", "refused"), [(None, True), ("s3:*", True), ("*", False), ("deploy", False)]
)
def test_a_role_gets_no_rights_silently(live: str | None, *, refused: bool) -> None:
    """A new policy of one's own, and a wider one; what a declared deployment needs is its own."""
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
        "update" if live == "s3:*" else "create",
        kind,
        "policy",
        role="acme.billing-prod",
        name=name,
    )
    expected = f"role acme.billing-prod, inline policy {name}"
    assert any(expected in reason for reason in judged(planned, stack=stack, observed=world)) is (
        refused
    )


def test_what_becomes_stronger_needs_no_consent() -> None:
    """Drift that is put right, and rules that become stricter."""
    weak = worlds.with_environment(
        worlds.as_declared(worlds.stack()), "prod", wait_minutes=0, admin_bypass=True
    )
    place = {"repository": "billing", "environment": "prod"}
    planned = step("update", ENVIRONMENT, "waitTimer", "canAdminsBypass", **place)
    assert judged(planned, observed=weak) == []


def test_what_is_declared_is_not_deleted() -> None:
    """A delete or a replacement of a declared object is nobody's wish."""
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
    assert reasons_against(stack, plan, world, [], ROLES) == [
        "billing: environment prod would be deleted, though it is declared",
        (
            "billing: role acme.billing-dev would be deleted and made again, for its path, though "
            "it is declared"
        ),
    ]


@pytest.mark.parametrize(
    ("account", "made_here"), [("111111111111", True), ("333333333333", False)]
)
def test_an_oidc_provider_stays_while_its_account_is_declared(
    account: str, *, made_here: bool
) -> None:
    """Every role of the account trusts it; one that others look after may be let go."""
    arn = f"arn:aws:iam::{account}:oidc-provider/token.actions.githubusercontent.com"
    reasons = judged(step("delete", PROVIDER, arn=arn))
    text = f"OIDC provider of account {account} would be deleted, though it is declared"
    assert reasons == ([text] if made_here else [])


def test_others_text_acts_on_no_terminal() -> None:
    """Names and values are somebody's: what would act is shown."""
    change = step("replace", ROLE, "path\x1b[2J", name="acme.billing-prod")
    (reason,) = [one for one in judged(change) if "made again" in one]
    assert reason.endswith(r"for its path\x1b[2J, though it is declared")


def test_what_was_there_before_slipway_is_not_opened_or_written_over_silently() -> None:
    """A repository that was declared without being adopted: its protection and its files."""
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
    assert over.startswith("billing: python-prd.yml on main is there and would be written over")
    assert judged(file, observed=worlds.as_declared(worlds.stack())) == []


def test_a_taken_name_needs_consent() -> None:
    """The repository that has it now would come into the roles of the one that had it."""
    trusted = trusting("repo:acme@1/billing@6:environment:prod")
    world = worlds.with_repository(
        worlds.as_declared(worlds.stack()), subject_prefix="repo:acme@1/billing@7"
    )
    world = worlds.with_role(world, "333333333333", trust=trusted)
    update = step("update", ROLE, "assumeRolePolicy", name="acme.billing-prod")
    assert (
        "billing is another repository than before: role acme.billing-prod trusts "
        "repo:acme@1/billing@6:environment:prod and would trust "
        "repo:acme@1/billing@7:environment:prod"
    ) in judged(update, observed=world)


def test_what_others_put_into_a_role_is_named() -> None:
    """Their policies go with it, and slipway's own need no words."""
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
    said = "role acme.billing-prod would be deleted with what others put into it: "
    plan = {"steps": [role, *ours, attached]}
    assert reasons_against(stack, plan, world, [], ROLES) == [f"{said}inline policy theirs"]
    plan = {"steps": [role, *ours]}
    (reason,) = reasons_against(stack, plan, world, [], ROLES)
    assert reason == f"{said}inline policy theirs, managed policy {managed}"


@pytest.mark.parametrize(("former", "asked"), [("orders", True), ("other", False)])
def test_a_declared_rename_needs_no_consent(former: str, *, asked: bool) -> None:
    """Roles go as their repository says what it was called before, and only those."""
    policy = "aws:iam/rolePolicy:RolePolicy"
    role = step("replace", ROLE, "name", name="acme.billing-prod")
    role["oldState"] = {**role["oldState"], "inputs": {"name": "acme.orders-prod"}, "outputs": {}}
    deploy = step("replace", policy, "role", role="acme.billing-prod", name="deploy")
    inside = {"role": "acme.orders-prod", "name": "deploy"}
    deploy["oldState"] = {**deploy["oldState"], "inputs": inside, "outputs": {}}
    branch = step("replace", "github:index/branch:Branch", repository="billing", branch="develop")
    branch["oldState"] = {**branch["oldState"], "retainOnDelete": True}
    stack = worlds.stack(previously=former)
    assert (judged(role, deploy, branch, stack=stack) == []) is asked


def test_what_others_put_into_an_environment_is_named() -> None:
    """A deleted environment takes their variables and secrets along."""
    stack = Stack(name="acme", settings=worlds.SETTINGS, repositories=several(9).repositories[1:])
    world = worlds.as_declared(worlds.stack())
    place = {"repository": "billing", "environment": "prod"}
    ours = [
        step("delete", VARIABLE, variableName=name, **place)
        for name in ("AWS_ROLE_ARN", "AWS_REGION", "LOG_LEVEL")
    ]
    plan = {"steps": [step("delete", ENVIRONMENT, **place), *ours]}
    assert reasons_against(stack, plan, world, [], ROLES) == [
        (
            "billing: environment prod would be deleted with what others put into it: "
            "secret DATABASE_URL"
        )
    ]


def test_a_forgotten_former_name_is_said() -> None:
    """A renamed repository would lose everything and get it anew; its file can prevent that."""
    stack = several(9)
    world = worlds.as_declared(worlds.stack())
    live = world.repositories["billing"]
    world = Observed({"old": live, **{r.name: None for r in stack.repositories}}, world.accounts)
    (reason,) = reasons_against(stack, {"steps": [gone("old")]}, world, [], ROLES)
    assert reason.startswith("old is billing now: say `previously: old` in its file")
    known = worlds.stack(previously="old").repositories[0]
    told = stack.model_copy(update={"repositories": (known, *stack.repositories[1:])})
    assert reasons_against(told, {"steps": [gone("old")]}, world, [], ROLES) == []


def test_a_secret_that_becomes_somebody_elses_is_not_deleted() -> None:
    """Pulumi would delete what it made; the declaration still expects the secret to be there."""
    stack = worlds.stack(environments={"prod": {"secrets": {"DATABASE_URL": "external"}}})
    place = {"repository": "billing", "environment": "prod", "secretName": "DATABASE_URL"}
    kind = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret"
    reasons = judged(step("delete", kind, **place), stack=stack)
    gone = "billing: environment prod, secret DATABASE_URL would be deleted, though it is declared"
    assert gone in reasons

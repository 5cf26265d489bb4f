"""`slipway explain` names what stops a job and the change that mends it, and STS agrees.

Each test changes one thing by hand, as a user of GitHub's or AWS's pages would, and mends it by
the very change that explain names. Before and after, the sandbox's STS gets the job's real token.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from tests.e2e.conftest import Project, World, new_project, running_world
from tests.e2e.deploy_jobs import DeployJob, assumed
from tests.e2e.tampering import hands

ACCOUNT = "333333333333"
_AN_ACCOUNT = """{{account_id: "333333333333", region: eu-west-1,
    assume_role: "arn:aws:iam::333333333333:role/slipway"{}}}"""
SETTINGS = "owner: acme\naccounts:\n" + "".join(
    f"  {name}: {_AN_ACCOUNT.format(', oidc_provider: existing')}\n"
    for name in ("dev", "test", "prod")
)
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{hands.ISSUER}"
DEV = DeployJob("billing", "dev", "develop")
PROD = DeployJob("billing", "prod", "main", "workflow_run")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/slipway/acme.billing-"
FILE = "python-dev.yml"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """One onboarded repository, which every test leaves as it found it."""
    folder = tmp_path_factory.mktemp("explain")
    with running_world(folder) as world:
        project = new_project(world, folder)
        project.new_stack("s", SETTINGS, billing="repository: billing\n")
        project.up("s")
        yield project
        assert world.control("GET", "requests")["unserved"] == []


def explained(project: Project, *options: str, code: int | None = None) -> list[dict[str, Any]]:
    """The explanations of `slipway explain --json`."""
    done = project.slipway("explain", "s", "billing", "--json", *options, expect=code)
    assert code is not None or done.returncode in {0, 1}, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["explanations"]
    return found


def gets_in(project: Project, job: DeployJob) -> None:
    """Explain says yes, and STS gives the role."""
    (found,) = explained(project, "--environment", job.environment, code=0)
    assert (found["verdict"], found["reason"]) == ("yes", None)
    answer = assumed(project.world, job.token(project.world), ROLE + job.environment)
    assert answer.startswith("arn:aws:sts::"), answer


def test_every_job_of_the_standard_gets_its_role(project: Project) -> None:
    """After `up` each job gets its role, by explain and by STS; explain writes nothing."""
    before = project.world.control("GET", "requests")["writes"]
    found = explained(project, code=0)
    assert project.world.control("GET", "requests")["writes"] == before
    assert [(one["environment"], one["verdict"]) for one in found] == [
        ("dev", "yes"),
        ("test", "yes"),
        ("prod", "yes"),
    ]
    for job in (DEV, DeployJob("billing", "test", "main"), PROD):
        gets_in(project, job)


class Case(NamedTuple):
    """One change by hand."""

    change: Callable[[World], object]
    step: str
    """The step that explain gives as the reason."""
    mend: str
    """A part of the mend's text."""
    by_hand: Callable[[World], object] | None = None
    """Carries out the mend; None: the mend is a command, which is run."""
    job: DeployJob = DEV
    refusal: str = "no token"
    """STS's answer meanwhile."""


def _trust(world: World, **condition: Any) -> None:
    role = {"RoleName": "acme.billing-dev"}
    document = world.iam(ACCOUNT).get_role(**role)["Role"]["AssumeRolePolicyDocument"]
    document["Statement"][0]["Condition"] = condition
    world.iam(ACCOUNT).update_assume_role_policy(**role, PolicyDocument=json.dumps(document))


def _deny(world: World) -> None:
    role = {"RoleName": "acme.billing-dev"}
    document = world.iam(ACCOUNT).get_role(**role)["Role"]["AssumeRolePolicyDocument"]
    denial = document["Statement"][0] | {"Effect": "Deny", "Sid": "Stop"}
    denial["Condition"] = {"StringLike": {f"{hands.ISSUER}:sub": "repo:acme/*"}}
    document["Statement"].append(denial)
    world.iam(ACCOUNT).update_assume_role_policy(**role, PolicyDocument=json.dumps(document))


def _delete_role(world: World) -> None:
    iam, name = world.iam(ACCOUNT), "acme.billing-dev"
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


def _edit_file(world: World, old: str, new: str) -> None:
    text = hands.workflow(world, "billing", "develop", FILE)
    assert old in text
    hands.write_workflow(world, "billing", "develop", FILE, text.replace(old, new))


def _audience(world: World, *audiences: str) -> None:
    iam = world.iam(ACCOUNT)
    provider = {"OpenIDConnectProviderArn": PROVIDER}
    for one in iam.get_open_id_connect_provider(**provider)["ClientIDList"]:
        iam.remove_client_id_from_open_id_connect_provider(**provider, ClientID=one)
    for one in audiences:
        iam.add_client_id_to_open_id_connect_provider(**provider, ClientID=one)


def _provider(world: World) -> None:
    world.iam(ACCOUNT).create_open_id_connect_provider(
        Url=f"https://{hands.ISSUER}", ClientIDList=["sts.amazonaws.com"]
    )


def _archive(world: World, *, archived: bool) -> None:
    world.github("PATCH", "repos/acme/billing", {"archived": archived})


CASES = {
    "archived": Case(
        lambda world: _archive(world, archived=True),
        "repository",
        "unarchive it",
        lambda world: _archive(world, archived=False),
        # The sandbox's token issuer gives tokens of registered runs; GitHub starts none.
        refusal="arn:",
    ),
    "no file": Case(
        lambda world: hands.write_workflow(world, "billing", "develop", FILE, None),
        "workflow file",
        "`slipway up s`",
    ),
    "other trigger": Case(
        lambda world: _edit_file(world, "branches: [develop]", "branches: [other]"),
        "event",
        "`slipway up s`",
        # A runner checks the triggers, not the issuer.
        refusal="arn:",
    ),
    "no permission": Case(
        lambda world: _edit_file(world, "id-token: write", "id-token: none"),
        "job",
        "`slipway up s`",
    ),
    "other environment": Case(
        lambda world: _edit_file(world, "environment: dev", "environment: play"),
        "job",
        "`slipway up s`",
        refusal="AccessDenied",
    ),
    "no environment": Case(
        lambda world: world.github("DELETE", "repos/acme/billing/environments/dev"),
        "environment",
        "`slipway up s`",
        # GitHub makes an environment without rules, so that the job has its token.
        refusal="arn:",
    ),
    "policy": Case(
        lambda world: hands.edit_pattern(world, "billing/dev", "develop", "releases/*"),
        "ref",
        "`slipway up s --accept ID`",
    ),
    "wrong role": Case(
        lambda world: hands.variable(world, "billing/dev", "AWS_ROLE_ARN", f"{ROLE}test"),
        "role's name",
        "`slipway up s`",
        refusal="arn:",
    ),
    "no variable": Case(
        lambda world: hands.variable(world, "billing/dev", "AWS_ROLE_ARN", None),
        "role's name",
        "`slipway up s`",
        refusal="arn:",
    ),
    "no provider": Case(
        lambda world: world.iam(ACCOUNT).delete_open_id_connect_provider(
            OpenIDConnectProviderArn=PROVIDER
        ),
        "provider",
        f"make it in IAM, with that URL: {PROVIDER}",
        _provider,
        refusal="InvalidIdentityToken",
    ),
    "audience": Case(
        lambda world: _audience(world, "https://github.com/acme"),
        "audience",
        f"add sts.amazonaws.com to the audiences of {PROVIDER} in IAM",
        lambda world: _audience(world, "sts.amazonaws.com"),
        refusal="InvalidIdentityToken",
    ),
    "no role": Case(_delete_role, "role", "`slipway up s`", refusal="AccessDenied"),
    "trust": Case(
        lambda world: _trust(
            world,
            StringLike={f"{hands.ISSUER}:sub": "repo:acme/billing:ref:*"},
            StringEquals={f"{hands.ISSUER}:aud": "sts.amazonaws.com"},
        ),
        "trust",
        "`slipway up s`",
        refusal="AccessDenied",
    ),
    "deny": Case(_deny, "trust", "`slipway up s --accept ID`", refusal="AccessDenied"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_the_reason_and_its_mend_opens_the_role(project: Project, name: str) -> None:
    """The change is the first reason; after the named mend, and nothing else, the job gets in."""
    case, world = CASES[name], project.world
    case.change(world)
    try:
        step = first_reason(project, case)
        answer = assumed(world, case.job.token(world), ROLE + case.job.environment)
        assert answer.startswith(case.refusal), answer
    finally:
        mend(project, case)
    assert case.mend in step["mend"]["text"]
    gets_in(project, case.job)


def first_reason(project: Project, case: Case) -> dict[str, Any]:
    """The step that explain gives as the reason."""
    (found,) = explained(project, "--environment", case.job.environment, code=1)
    assert (found["verdict"], found["reason"]) == ("no", case.step), found
    return next(step for step in found["steps"] if step["result"] == "no")


def mend(project: Project, case: Case) -> None:
    """Do what the case says that explain names."""
    if case.by_hand is not None:
        case.by_hand(project.world)
        return
    command = case.mend.strip("`").split()[1:]
    if command[-1] == "ID":
        refused = project.slipway("up", "s", "--yes", expect=5)
        listed = re.search(r"say --accept (\S+)", refused.stdout + refused.stderr)
        assert listed is not None
        command[-1] = listed[1]
    project.slipway(*command, "--yes")

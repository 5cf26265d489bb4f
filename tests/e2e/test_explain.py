"""`slipway explain` names what stops a job and the change that mends it, and STS agrees.

Each case changes one thing by hand, as a user of GitHub's or AWS's pages would, and the very change
that explain names mends it. Before and after, the sandbox's STS gets the job's real token. Where
the mend is a command, each case has a repository of its own, and one run of the command mends all
of them.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from tests.e2e.conftest import ONLY_DEV, Project, World, new_project, running_world
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
ROLES = f"arn:aws:iam::{ACCOUNT}:role/slipway/acme."
ROLE = f"{ROLES}billing-"
#: A repository from the time before subjects had ids.
OLD = {"owner": "acme", "created_at": "2022-01-01T00:00:00Z", "files": {"a": "b"}}
FILE = "python-dev.yml"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Onboarded: one repository that every test leaves as it found it, and one for each case."""
    folder = tmp_path_factory.mktemp("explain")
    with running_world(folder) as world:
        made = [OLD | {"name": name} for name in BY_COMMAND]
        world.control("POST", "seed", {"repositories": made})
        files = {name: f"repository: {name}\n{ONLY_DEV}" for name in BY_COMMAND}
        project = new_project(world, folder)
        project.new_stack("s", SETTINGS, billing="repository: billing\n", **files)
        project.up("s")
        yield project
        assert world.control("GET", "requests")["unserved"] == []


def explained(
    project: Project, name: str, *options: str, code: int | None = None
) -> list[dict[str, Any]]:
    """The explanations of `slipway explain --json`."""
    done = project.slipway("explain", "s", name, "--json", *options, expect=code)
    assert code is not None or done.returncode in {0, 1}, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["explanations"]
    return found


def gets_in(project: Project, job: DeployJob) -> None:
    """Explain says yes, and STS gives the role."""
    (found,) = explained(project, job.repository, "--environment", job.environment, code=0)
    assert (found["verdict"], found["reason"]) == ("yes", None)
    answer = answered(project, job)
    assert answer.startswith("arn:aws:sts::"), answer


def answered(project: Project, job: DeployJob) -> str:
    """STS's answer to the job."""
    role = f"{ROLES}{job.repository}-{job.environment}"
    return assumed(project.world, job.token(project.world), role)


def test_every_job_of_the_standard_gets_its_role(project: Project) -> None:
    """After `up` each job gets its role, by explain and by STS; explain writes nothing."""
    before = project.world.control("GET", "requests")["writes"]
    found = explained(project, "billing", code=0)
    assert project.world.control("GET", "requests")["writes"] == before
    assert [(one["environment"], one["verdict"]) for one in found] == [
        ("dev", "yes"),
        ("test", "yes"),
        ("prod", "yes"),
    ]
    prod = DeployJob("billing", "prod", "main", "workflow_run")
    for job in (dev("billing"), DeployJob("billing", "test", "main"), prod):
        gets_in(project, job)


def dev(name: str) -> DeployJob:
    """The job that deploys a repository to dev."""
    return DeployJob(name, "dev", "develop")


class Case(NamedTuple):
    """One change by hand."""

    change: Callable[[World, str], object]
    """Carries it out in the repository of this name."""
    step: str
    """The step that explain gives as the reason."""
    mend: str
    """A part of the mend's text."""
    refusal: str = "no token"
    """STS's answer meanwhile."""
    by_hand: Callable[[World, str], object] | None = None
    """Carries out the mend; None: the mend is a command."""


def _trust(world: World, name: str, **condition: Any) -> None:
    role = {"RoleName": f"acme.{name}-dev"}
    document = world.iam(ACCOUNT).get_role(**role)["Role"]["AssumeRolePolicyDocument"]
    document["Statement"][0]["Condition"] = condition
    world.iam(ACCOUNT).update_assume_role_policy(**role, PolicyDocument=json.dumps(document))


def _deny(world: World, name: str) -> None:
    role = {"RoleName": f"acme.{name}-dev"}
    document = world.iam(ACCOUNT).get_role(**role)["Role"]["AssumeRolePolicyDocument"]
    denial = document["Statement"][0] | {"Effect": "Deny", "Sid": "Stop"}
    denial["Condition"] = {"StringLike": {f"{hands.ISSUER}:sub": "repo:acme/*"}}
    document["Statement"].append(denial)
    world.iam(ACCOUNT).update_assume_role_policy(**role, PolicyDocument=json.dumps(document))


def _delete_role(world: World, name: str) -> None:
    iam, role = world.iam(ACCOUNT), f"acme.{name}-dev"
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=policy)
    iam.delete_role(RoleName=role)


def _edit_file(world: World, name: str, old: str, new: str) -> None:
    text = hands.workflow(world, name, "develop", FILE)
    assert old in text
    hands.write_workflow(world, name, "develop", FILE, text.replace(old, new))


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


def _archive(world: World, name: str, *, archived: bool) -> None:
    world.github("PATCH", f"repos/acme/{name}", {"archived": archived})


BY_HAND = {
    "archived": Case(
        lambda world, name: _archive(world, name, archived=True),
        "repository",
        "unarchive it",
        # The sandbox's token issuer gives tokens of registered runs; GitHub starts none.
        "arn:",
        lambda world, name: _archive(world, name, archived=False),
    ),
    "no-provider": Case(
        lambda world, _: world.iam(ACCOUNT).delete_open_id_connect_provider(
            OpenIDConnectProviderArn=PROVIDER
        ),
        "provider",
        f"make it in IAM, with that URL: {PROVIDER}",
        "InvalidIdentityToken",
        lambda world, _: _provider(world),
    ),
    "audience": Case(
        lambda world, _: _audience(world, "https://github.com/acme"),
        "audience",
        f"add sts.amazonaws.com to the audiences of {PROVIDER} in IAM",
        "InvalidIdentityToken",
        lambda world, _: _audience(world, "sts.amazonaws.com"),
    ),
}
UP = "`slipway up s`"
UP_WITH_CONSENT = "`slipway up s --accept ID`"
#: The cases whose mend is a command, by their repository's name.
BY_COMMAND = {
    "no-file": Case(
        lambda world, name: hands.write_workflow(world, name, "develop", FILE, None),
        "workflow file",
        UP,
    ),
    "other-trigger": Case(
        lambda world, name: _edit_file(world, name, "branches: [develop]", "branches: [other]"),
        "event",
        UP,
        # A runner checks the triggers, not the issuer.
        "arn:",
    ),
    "no-permission": Case(
        lambda world, name: _edit_file(world, name, "id-token: write", "id-token: none"),
        "job",
        UP,
    ),
    "other-environment": Case(
        lambda world, name: _edit_file(world, name, "environment: dev", "environment: play"),
        "job",
        UP,
        "AccessDenied",
    ),
    "no-environment": Case(
        lambda world, name: world.github("DELETE", f"repos/acme/{name}/environments/dev"),
        "environment",
        UP,
        # GitHub makes an environment without rules, so that the job has its token.
        "arn:",
    ),
    "policy": Case(
        lambda world, name: hands.edit_pattern(world, f"{name}/dev", "develop", "releases/*"),
        "ref",
        UP_WITH_CONSENT,
    ),
    "wrong-role": Case(
        lambda world, name: hands.variable(world, f"{name}/dev", "AWS_ROLE_ARN", f"{ROLE}test"),
        "role's name",
        UP,
        "arn:",
    ),
    "no-variable": Case(
        lambda world, name: hands.variable(world, f"{name}/dev", "AWS_ROLE_ARN", None),
        "role's name",
        UP,
        "arn:",
    ),
    "no-role": Case(_delete_role, "role", UP, "AccessDenied"),
    "trust": Case(
        lambda world, name: _trust(
            world,
            name,
            StringLike={f"{hands.ISSUER}:sub": f"repo:acme/{name}:ref:*"},
            StringEquals={f"{hands.ISSUER}:aud": "sts.amazonaws.com"},
        ),
        "trust",
        UP,
        "AccessDenied",
    ),
    "deny": Case(_deny, "trust", UP_WITH_CONSENT, "AccessDenied"),
}


class Told(NamedTuple):
    """What was said of a change before it was mended."""

    reason: str
    """The step that explain gives as the reason."""
    mend: str
    """The text of that step's mend."""
    answer: str
    """STS's answer to the job."""


def told(project: Project, name: str) -> Told:
    """What explain and STS say of the repository's job for dev, which does not get its role."""
    (found,) = explained(project, name, "--environment", "dev", code=1)
    assert found["verdict"] == "no"
    step = next(step for step in found["steps"] if step["result"] == "no")
    return Told(found["reason"], step["mend"]["text"], answered(project, dev(name)))


def assert_expected(told: Told, case: Case) -> None:
    """The change is the first reason, explain names its mend, and STS answers as the case says."""
    assert told.reason == case.step
    assert case.mend in told.mend
    assert told.answer.startswith(case.refusal), told.answer


@pytest.mark.parametrize("name", BY_HAND)
def test_a_change_is_the_reason_and_its_mend_opens_the_role(project: Project, name: str) -> None:
    """The change is the first reason; after the named mend, and nothing else, the job gets in."""
    case = BY_HAND[name]
    assert case.by_hand is not None
    case.change(project.world, "billing")
    try:
        found = told(project, "billing")
    finally:
        case.by_hand(project.world, "billing")
    assert_expected(found, case)
    gets_in(project, dev("billing"))


@pytest.fixture(scope="module")
def mended(project: Project) -> dict[str, Told]:
    """What was said of each case in BY_COMMAND, before its command mended it.

    The command without consent comes first: it carries out all mends of its cases and no other.
    """
    found = changed(project, UP)
    project.slipway("up", "s", "--yes")
    found |= changed(project, UP_WITH_CONSENT)
    refused = project.slipway("up", "s", "--yes", expect=5)
    listed = re.search(r"say --accept (\S+)", refused.stdout + refused.stderr)
    assert listed is not None
    project.slipway("up", "s", "--yes", "--accept", listed[1])
    return found


def changed(project: Project, mend: str) -> dict[str, Told]:
    """Change all repositories whose mend is this command; what is said of each."""
    names = [name for name, case in BY_COMMAND.items() if case.mend == mend]
    for name in names:
        BY_COMMAND[name].change(project.world, name)
    return {name: told(project, name) for name in names}


@pytest.mark.parametrize("name", BY_COMMAND)
def test_the_named_command_opens_the_role(
    project: Project, mended: dict[str, Told], name: str
) -> None:
    """The change is the first reason; after the command that explain names the job gets in."""
    assert_expected(mended[name], BY_COMMAND[name])
    gets_in(project, dev(name))

"""The claims that `slipway explain` derives from live facts are those of the job's real token.

A trust policy that names every claim makes explain show all of them. Each test restores what it
changes.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from operations.commands.explain.iam.request import CLAIMS
from tests.e2e.conftest import Project, World, new_project, running_world
from tests.e2e.deploy_jobs import DeployJob, assumed
from tests.e2e.tampering import hands
from tests.e2e.test_explain import ACCOUNT, SETTINGS

JOBS = [
    DeployJob("billing", "dev", "develop"),
    DeployJob("payments", "dev", "develop"),
    DeployJob("payments", "prod", "main", "workflow_run"),
]
#: What only a run tells.
OF_A_RUN = {"actor", "actor_id", "enterprise_id"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A repository with classic subjects, and one with immutable ones."""
    folder = tmp_path_factory.mktemp("claims")
    with running_world(folder) as world:
        project = new_project(world, folder)
        files = {name: f"repository: {name}\n" for name in ("billing", "payments")}
        project.new_stack("s", SETTINGS, **files)
        project.up("s")
        yield project
        assert world.control("GET", "requests")["unserved"] == []


def explained(project: Project, job: DeployJob, *options: str) -> dict[str, Any]:
    """The explanation of the standard's job."""
    arguments = ("explain", "s", job.repository, "--environment", job.environment, "--json")
    done = project.slipway(*arguments, *options, expect=None)
    (found,) = json.loads(done.stdout)["explanations"]
    return dict(found)


def step(found: dict[str, Any], name: str) -> dict[str, Any]:
    """The step of that name."""
    (one, *_) = (step for step in found["steps"] if step["step"] == name)
    return dict(one)


def role(job: DeployJob) -> str:
    """ARN of the job's role."""
    return f"arn:aws:iam::{ACCOUNT}:role/slipway/acme.{job.repository}-{job.environment}"


@contextmanager
def trusted(world: World, job: DeployJob, condition: dict[str, Any]) -> Iterator[None]:
    """Give the job's role another condition while the block runs."""
    iam, name = world.iam(ACCOUNT), role(job).rpartition("/")[2]
    before = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    changed = json.loads(json.dumps(before))
    changed["Statement"][0]["Condition"] = condition
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(changed))
    try:
        yield
    finally:
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(before))


def claims_of(token: str) -> dict[str, Any]:
    """The claims of a token."""
    payload = token.split(".")[1]
    found: dict[str, Any] = json.loads(
        base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    )
    return found


@pytest.mark.parametrize("job", JOBS, ids=lambda job: f"{job.repository} {job.environment}")
def test_derived_claims_are_those_of_the_token(project: Project, job: DeployJob) -> None:
    """Every claim that AWS compares is derived as GitHub sends it; those of a run are unknown."""
    names = ("aud", "sub", *CLAIMS)
    condition = {
        "StringLikeIfExists": {f"{hands.ISSUER}:{name}": "*" for name in names},
        # AWS demands it.
        "StringLike": {f"{hands.ISSUER}:sub": "repo:acme*"},
    }
    with trusted(project.world, job, condition):
        token = job.token(project.world)
        found = explained(project, job)
        answer = assumed(project.world, token, role(job))
    assert answer.startswith("arn:")
    (statement,) = step(found, "trust")["statements"]
    shown = {one["key"].rpartition(":")[2]: one for one in statement["conditions"]}
    sent = claims_of(token)
    for name in names:
        expected = None if name in OF_A_RUN else sent[name]
        assert shown[name]["got"] == expected, name
    assert found["verdict"] == "cannot be said", "actors are unknown"
    assert step(found, "trust")["mend"]["text"] == (
        "give the job itself: --run URL, or --token FILE"
    )


def test_the_declared_claims_of_a_job_open_the_role_exactly(project: Project) -> None:
    """A policy that pins every derived claim opens for the token, by explain and by STS."""
    job = JOBS[1]
    sent = claims_of(job.token(project.world))
    pinned = {name: str(sent[name]) for name in ("aud", "sub", *CLAIMS) if name not in OF_A_RUN}
    condition = {"StringEquals": {f"{hands.ISSUER}:{name}": text for name, text in pinned.items()}}
    with trusted(project.world, job, condition):
        assert explained(project, job)["verdict"] == "yes"
        assert assumed(project.world, job.token(project.world), role(job)).startswith("arn:")
        other = DeployJob("payments", "dev", "main")
        found = explained(project, job, "--ref", "main")
        (statement,) = step(found, "trust")["statements"]
        failing = [one["key"] for one in statement["conditions"] if one["met"] is False]
        assert failing == [f"{hands.ISSUER}:{name}" for name in ("job_workflow_ref", "ref")]
        assert other.token(project.world) == "", "the environment does not admit main"


@pytest.mark.parametrize(
    ("keys", "mend"),
    [(["repo", "context", "ref"], "slipway up"), (["repo", "ref"], "add context or environment")],
    ids=["exact", "without the environment"],
)
def test_a_customised_subject_is_followed(project: Project, keys: list[str], mend: str) -> None:
    """With other claims in the subject the role stays shut; `slipway up` follows an exact one."""
    job, world = JOBS[0], project.world
    place = "repos/acme/billing/actions/oidc/customization/sub"
    world.github("PUT", place, {"use_default": False, "include_claim_keys": keys})
    try:
        found = explained(project, job)
        token = job.token(world)
        answer = assumed(world, token, role(job))
    finally:
        world.github("PUT", place, {"use_default": True})
    assert answer == "AccessDenied"
    assert (found["verdict"], found["reason"]) == ("no", "trust")
    assert step(found, "trust")["got"] == claims_of(token)["sub"]
    told = "customised subject claims" in step(found, "repository")["answer"]
    assert told == (mend != "slipway up")
    assert mend in step(found, "trust")["mend"]["text"]
    assert explained(project, job)["verdict"] == "yes"


def test_a_renamed_repository_is_to_be_declared_by_its_new_name(project: Project) -> None:
    """After a rename the subject is another; the mend is the declaration's line with the name."""
    job, world = JOBS[1], project.world
    world.github("PATCH", "repos/acme/payments", {"name": "checkout"})
    try:
        found = explained(project, job)
        renamed = DeployJob("checkout", "dev", "develop")
        answer = assumed(world, renamed.token(world), role(job))
    finally:
        world.github("PATCH", "repos/acme/checkout", {"name": "payments"})
    assert answer == "AccessDenied"
    assert found["reason"] == "trust"
    mend = step(found, "trust")["mend"]
    assert mend["text"].startswith("declare it by its new name")
    assert (mend["file"], mend["line"]) == ("stacks/s/payments.yaml", 1)
    assert explained(project, job)["verdict"] == "yes"


def test_a_policy_of_protected_branches_admits_those(project: Project) -> None:
    """Without protected branches all are admitted; with one, only that one."""
    job, world = JOBS[0], project.world
    protected = {"protected_branches": True, "custom_branch_policies": False}
    custom = {"protected_branches": False, "custom_branch_policies": True}
    rules = {
        "required_status_checks": None,
        "enforce_admins": None,
        "required_pull_request_reviews": None,
        "restrictions": None,
    }
    hands.environment(world, "billing/dev", deployment_branch_policy=protected)
    branch = "repos/acme/billing/branches/{}/protection"
    try:
        assert step(explained(project, job), "ref")["result"] == "ok"
        world.github("PUT", branch.format("main"), rules)
        refused = step(explained(project, job), "ref")
        assert (refused["result"], refused["expected"]) == ("no", "a protected branch")
        assert refused["mend"]["text"].startswith("`slipway up s")
        world.github("PUT", branch.format("develop"), rules)
        assert step(explained(project, job), "ref")["result"] == "ok"
    finally:
        for name in ("main", "develop"):
            world.session.delete(
                f"{world.record.github_url}api/v3/{branch.format(name)}", timeout=30
            )
        hands.environment(world, "billing/dev", deployment_branch_policy=custom)
        hands.add_pattern(world, "billing/dev", "develop")
    assert explained(project, job)["verdict"] == "yes"

"""`slipway explain` of a job that the user gives: its token, its run, or CloudTrail's event.

Two repositories are onboarded with the real engine. The tokens are the sandbox's real ones.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Project, new_project, running_world
from tests.e2e.deploy_jobs import DeployJob, assumed
from tests.e2e.tampering import hands
from tests.e2e.test_explain import ROLE, SETTINGS

BILLING = """\
repository: billing
environments: {prod: {reviewers: {teams: [platform]}, wait_minutes: 10}}
"""
PINNED = """\
repository: payments
environments: {prod: {trust: {claims: pinned, keep_subject_statement: false}}}
"""
DEV = DeployJob("billing", "dev", "develop")
PROD = DeployJob("billing", "prod", "main", "workflow_run")
PROVIDER = f"arn:aws:iam::333333333333:oidc-provider/{hands.ISSUER}"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A repository with the standard's trust, and one that pins the claims of prod."""
    folder = tmp_path_factory.mktemp("given")
    with running_world(folder) as world:
        project = new_project(world, folder)
        project.new_stack("s", SETTINGS, billing=BILLING, payments=PINNED)
        project.up("s")
        yield project
        assert world.control("GET", "requests")["unserved"] == []


def explained(project: Project, *options: str, code: int) -> dict[str, Any]:
    """The only explanation."""
    done = project.slipway("explain", "s", "billing", "--json", *options, expect=code)
    (found,) = json.loads(done.stdout)["explanations"]
    return dict(found)


def step(found: dict[str, Any], name: str) -> dict[str, Any]:
    """The step of that name."""
    (one, *_) = (step for step in found["steps"] if step["step"] == name)
    return dict(one)


def test_a_token_is_judged_and_nothing_of_it_is_kept(project: Project, tmp_path: Path) -> None:
    """A token that opens the role is explained so; no part of it is in output or in any file."""
    token = DEV.token(project.world)
    assert assumed(project.world, token, f"{ROLE}dev").startswith("arn:")
    file = tmp_path / "token"
    file.write_text(f"{token}\n", encoding="utf-8")
    for options in (("--json",), ()):
        done = project.slipway("explain", "s", "billing", "--token", str(file), *options)
        said = done.stdout + done.stderr
        for part in token.split("."):
            assert part not in said
        assert "its signature was not checked" in said
    whole = token.encode()
    kept = [
        path
        for path in project.folder.parent.rglob("*")
        if path.is_file() and not path.is_symlink() and whole in path.read_bytes()
    ]
    assert kept == []


def test_a_token_of_another_environment_does_not_open_the_role(
    project: Project, tmp_path: Path
) -> None:
    """The test job's token is refused for dev: by the subject, as STS refuses it."""
    token = DeployJob("billing", "test", "main").token(project.world)
    file = tmp_path / "token"
    file.write_text(token, encoding="utf-8")
    found = explained(project, "--token", str(file), "--environment", "dev", code=1)
    assert assumed(project.world, token, f"{ROLE}dev") == "AccessDenied"
    trust = step(found, "trust")
    assert (trust["expected"], trust["got"]) == (
        "repo:acme/billing:environment:dev",
        "repo:acme/billing:environment:test",
    )
    assert step(found, "job")["got"] == "test"
    assert explained(project, "--token", str(file), code=0)["environment"] == "test"


def test_a_token_for_another_audience_is_refused(project: Project, tmp_path: Path) -> None:
    """A token for GitHub's default audience is refused before any policy, as STS refuses it."""
    token = DEV.token(project.world, audience="")
    file = tmp_path / "token"
    file.write_text(token, encoding="utf-8")
    found = explained(project, "--token", str(file), code=1)
    assert found["reason"] == "audience"
    assert assumed(project.world, token, f"{ROLE}dev") == "InvalidIdentityToken"
    assert "for the audience sts.amazonaws.com" in step(found, "audience")["mend"]["text"]


def forged(token: str, **changes: Any) -> str:
    """A token with other claims, and therefore without a valid signature."""
    head, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    changed = json.dumps(claims | changes).encode()
    return f"{head}.{base64.urlsafe_b64encode(changed).decode().rstrip('=')}.{signature}"


@pytest.mark.parametrize(
    ("changes", "reason", "answer"),
    [
        ({"exp": 60}, "token", "it expired at 1970-01-01T00:01:00Z"),
        ({"iss": "https://example.com"}, "token", "another issuer made it"),
        ({"nbf": 4e9}, "token", "it is not valid before 2096-10-02T07:06:40Z"),
        ({"exp": None}, "token", "it has no expiry"),
        ({"repository_id": "7"}, "repository", "the token is another repository's"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_token_that_sts_refuses_at_once_is_explained(
    project: Project, tmp_path: Path, changes: dict[str, Any], reason: str, answer: str
) -> None:
    """An expired token, one of another issuer or of another repository is the reason itself."""
    token = forged(DEV.token(project.world), **changes)
    assert assumed(project.world, token, f"{ROLE}dev") in {
        "InvalidIdentityToken",
        "ExpiredTokenException",
    }
    file = tmp_path / "token"
    file.write_text(token, encoding="utf-8")
    found = explained(project, "--token", str(file), code=1)
    assert found["reason"] == reason
    (first, *_) = (one for one in found["steps"] if one["result"] == "no")
    assert first["answer"] == answer


def test_a_session_that_is_too_long_is_explained(project: Project) -> None:
    """A job that asks for a longer session than the role allows gets none."""
    place = (project.world, "billing", "develop", "python-dev.yml")
    before = hands.workflow(*place)
    asks = "          aws-region: ${{ vars.AWS_REGION }}\n"
    assert asks in before
    hands.write_workflow(
        *place, before.replace(asks, f"{asks}          role-duration-seconds: 7200\n")
    )
    try:
        found = explained(project, "--environment", "dev", code=1)
    finally:
        hands.write_workflow(*place, before)
    session = step(found, "session")
    assert (found["reason"], session["expected"], session["got"]) == (
        "session",
        "900 to 3600",
        "7200",
    )
    mend = session["mend"]
    assert mend["text"] == "declare at least 7200"
    assert mend["file"] == "stacks/s/billing.yaml"
    assert mend["path"] == "environments.dev.role.max_session_seconds"


def test_a_run_tells_its_job_and_what_it_waits_for(project: Project) -> None:
    """A run's event, ref, file and pending approval are GitHub's; a review changes the note."""
    run = PROD.run(project.world)
    url = f"https://github.com/acme/billing/actions/runs/{run['id']}"
    found = explained(project, "--run", f"{url}/job/1?pr=2", code=0)
    assert found["job"] == "workflow_run on refs/heads/main, python-prd.yml"
    assert "the run waits for prod: approval by platform" in step(found, "approval")["answer"]
    place = f"repos/acme/billing/actions/runs/{run['id']}/pending_deployments"
    (waiting,) = project.world.github("GET", place)
    body = {"environment_ids": [waiting["environment"]["id"]], "state": "approved", "comment": ""}
    project.world.github("POST", place, body)
    found = explained(project, "--run", url, code=0)
    assert "monalisa approved the deployment to prod" in step(found, "approval")["answer"]


def test_a_run_of_another_branch_is_explained(project: Project) -> None:
    """A run of dev's workflow on main does not get dev's role: neither event nor policy fits."""
    run = DeployJob("billing", "dev", "main").run(project.world)
    url = f"https://github.com/acme/billing/actions/runs/{run['id']}"
    found = explained(project, "--run", url, code=1)
    assert [one["step"] for one in found["steps"] if one["result"] == "no"] == ["event", "ref"]


def test_a_run_that_github_does_not_show_is_an_error(project: Project) -> None:
    """A run of another repository, an unknown run and another address are wrong options."""
    for url, said in (
        ("https://github.com/acme/payments/actions/runs/1", "is a run of acme/payments"),
        ("https://github.com/acme/billing/actions/runs/1", "GitHub shows no run 1"),
        ("https://github.com/acme/billing/pull/1", "is no address of a run"),
        ("https://acme.ghe.com/acme/billing/actions/runs/1", "the stack's GitHub is github.com"),
    ):
        done = project.slipway("explain", "s", "billing", "--run", url, expect=2)
        assert said in done.stderr


def test_a_pull_request_of_a_fork_gets_no_token(project: Project) -> None:
    """GitHub gives a fork's pull request no id-token, whatever its files say."""
    place = "repos/acme/billing/git/ref/heads/develop"
    body = {
        "repository": "acme/billing",
        "event": "pull_request",
        "ref": "refs/pull/1/merge",
        "head_ref": "main",
        "base_ref": "develop",
        "head_repository": "acme/payments",
        "sha": project.world.github("GET", place)["object"]["sha"],
        "workflow": DEV.workflow,
        "actor": "octocat",
    }
    run = project.world.control("POST", "runs", body)
    url = f"https://github.com/acme/billing/actions/runs/{run['id']}"
    found = explained(project, "--run", url, "--environment", "dev", code=1)
    assert (found["reason"], step(found, "event")["answer"]) == (
        "event",
        "the pull request of a fork starts it",
    )


def event(**changes: Any) -> dict[str, Any]:
    """An event of CloudTrail's, as AWS documents it."""
    subject = changes.pop("subject", "repo:acme/billing:environment:test")
    return {
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "WebIdentityUser",
            "principalId": f"{PROVIDER}:sts.amazonaws.com:{subject}",
            "userName": subject,
            "identityProvider": PROVIDER,
        },
        "eventTime": "2026-11-29T10:00:00Z",
        "eventSource": "sts.amazonaws.com",
        "eventName": "AssumeRoleWithWebIdentity",
        "awsRegion": "eu-west-1",
        "errorCode": "AccessDenied",
        "errorMessage": "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        "requestParameters": {
            "roleArn": f"{ROLE}dev",
            "roleSessionName": "GitHubActions",
            "durationSeconds": 3600,
        },
        "responseElements": None,
        **changes,
    }


def test_cloudtrails_event_of_a_refusal_is_explained(project: Project, tmp_path: Path) -> None:
    """The condition that refused the subject is named, in every form in which events come."""
    forms = (
        event(),
        {"Records": [event()]},
        {"Events": [{"EventName": "x", "CloudTrailEvent": json.dumps(event())}]},
    )
    for number, form in enumerate(forms):
        file = tmp_path / f"event-{number}.json"
        file.write_text(json.dumps(form), encoding="utf-8")
        found = explained(project, "--cloudtrail", str(file), code=1)
        assert (found["environment"], found["reason"]) == ("dev", "trust")
        assert step(found, "trust")["got"] == "repo:acme/billing:environment:test"
        assert "Not authorized" in step(found, "answer then")["answer"]
        assert {one["result"] for one in found["steps"] if one["side"] == "GitHub"} == {"not asked"}


def test_an_event_of_a_success_gets_the_role(project: Project, tmp_path: Path) -> None:
    """An event without an error, whose subject the role still admits, is explained as a success."""
    file = tmp_path / "event.json"
    good = event(subject="repo:acme/billing:environment:dev", errorCode=None, errorMessage=None)
    other = event(eventTime="2026-11-28T10:00:00Z")
    file.write_text(json.dumps([other, good]), encoding="utf-8")
    found = explained(project, "--cloudtrail", str(file), code=0)
    assert found["source"] == "CloudTrail's event of 2026-11-29T10:00:00Z, the newest of 2"
    assert "AWS gave credentials" in step(found, "answer then")["answer"]


def test_a_claim_that_the_event_does_not_hold_is_unknown(project: Project, tmp_path: Path) -> None:
    """A policy that compares the ref cannot be judged by an event, which has no ref."""
    iam, name = project.world.iam("333333333333"), "acme.billing-dev"
    before = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    changed = json.loads(json.dumps(before))
    changed["Statement"][0]["Condition"]["StringEquals"][f"{hands.ISSUER}:ref"] = "refs/heads/x"
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(changed))
    file = tmp_path / "event.json"
    file.write_text(json.dumps(event(subject="repo:acme/billing:environment:dev")), "utf-8")
    try:
        found = explained(project, "--cloudtrail", str(file), code=1)
    finally:
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(before))
    assert (found["verdict"], found["reason"]) == ("cannot be said", "trust")
    ((_, _, ref),) = (one["conditions"] for one in step(found, "trust")["statements"])
    assert (ref["key"], ref["met"], ref["got"]) == (f"{hands.ISSUER}:ref", None, None)


OWN = ".github/workflows/own.yml"
OWN_FILE = """\
on: push
permissions: {id-token: write}
jobs:
  deploy-prod:
    runs-on: ubuntu-24.04
    steps: [{run: "true"}]
"""


def explanations(project: Project, *options: str, code: int) -> dict[str, dict[str, Any]]:
    """The explanations by environment."""
    done = project.slipway("explain", "s", "billing", "--json", *options, expect=code)
    return {one["environment"]: one for one in json.loads(done.stdout)["explanations"]}


def test_a_token_of_a_job_without_an_environment_is_explained(
    project: Project, tmp_path: Path
) -> None:
    """The job is the reason for each environment of its ref; the named line opens prod's role."""
    place = (project.world, "billing", "main", "own.yml")
    job = DeployJob("billing", "prod", "main", other_file=OWN)
    file = tmp_path / "token"
    try:
        hands.write_workflow(*place, OWN_FILE)
        token = job.token(project.world)
        file.write_text(token, encoding="utf-8")
        assert assumed(project.world, token, f"{ROLE}prod") == "AccessDenied"
        found = explanations(project, "--token", str(file), code=1)
        named = explanations(project, "--token", str(file), "--environment", "prod", code=1)
        hands.write_workflow(
            *place, OWN_FILE.replace("    steps", "    environment: prod\n    steps")
        )
        token = job.token(project.world)
        file.write_text(token, encoding="utf-8")
        assert explained(project, "--token", str(file), code=0)["environment"] == "prod"
        assert assumed(project.world, token, f"{ROLE}prod").startswith("arn:")
    finally:
        hands.write_workflow(*place, None)
    assert set(found) == {"test", "prod"}
    assert named["prod"] == found["prod"]
    for name, one in found.items():
        assert (one["reason"], step(one, "job")["answer"]) == (
            "job",
            "the job names no environment",
        )
        mends = {each["mend"]["text"] for each in one["steps"] if each["result"] == "no"}
        assert mends == {f"add `environment: {name}` to the job in {OWN}"}


def test_a_token_of_another_file_than_the_pinned_one_is_explained(
    project: Project, tmp_path: Path
) -> None:
    """The mend names the file that the role admits, not another job."""
    place = (project.world, "payments", "main", "own.yml")
    job = DeployJob("payments", "prod", "main", other_file=OWN)
    file = tmp_path / "token"
    own = OWN_FILE.replace("    steps", "    environment: prod\n    steps")
    try:
        hands.write_workflow(*place, own)
        token = job.token(project.world)
        file.write_text(token, encoding="utf-8")
        options = ("explain", "s", "payments", "--json", "--token", str(file))
        done = project.slipway(*options, expect=1)
    finally:
        hands.write_workflow(*place, None)
    role = ROLE.replace("billing", "payments")
    assert assumed(project.world, token, f"{role}prod") == "AccessDenied"
    (found,) = json.loads(done.stdout)["explanations"]
    assert (found["reason"], step(found, "job")["result"]) == ("trust", "ok")
    assert step(found, "trust")["mend"]["text"] == (
        "deploy from .github/workflows/python-prd.yml: the role admits that file only"
    )


def test_a_token_of_slipways_own_file_without_an_environment_is_of_an_older_one(
    project: Project, tmp_path: Path
) -> None:
    """The file is as declared by now, so its job of a new run names the environment."""
    file = tmp_path / "token"
    subject = "repo:acme/billing:ref:refs/heads/main"
    token = forged(PROD.token(project.world), sub=subject, environment=None)
    file.write_text(token, encoding="utf-8")
    found = explained(project, "--token", str(file), code=1)
    assert (found["environment"], found["reason"]) == ("prod", "job")
    place = "acme/billing/.github/workflows/python-prd.yml@refs/heads/main"
    mends = {one["mend"]["text"] for one in found["steps"] if one["result"] == "no"}
    assert mends == {f"start a new run: the job in {place} names prod by now"}


def test_an_event_of_a_job_without_an_environment_is_explained(
    project: Project, tmp_path: Path
) -> None:
    """CloudTrail's subject with a ref is that of a job without environment."""
    file = tmp_path / "event.json"
    given = event(subject="repo:acme/billing:ref:refs/heads/develop")
    file.write_text(json.dumps(given), encoding="utf-8")
    found = explained(project, "--cloudtrail", str(file), code=1)
    assert (found["environment"], found["reason"]) == ("dev", "job")
    mends = {one["mend"]["text"] for one in found["steps"] if one["result"] == "no"}
    named = "add `environment: dev` to the job"
    assert mends == {f"{named}, or deploy from .github/workflows/python-dev.yml, whose job has it"}


def test_a_ref_without_an_event_has_the_environments_own_event(project: Project) -> None:
    """Prod is deployed by the run after test, on the default branch alone."""
    found = explained(project, "--environment", "prod", "--ref", "main", code=0)
    assert found["job"] == "workflow_run on refs/heads/main, python-prd.yml"
    found = explained(project, "--environment", "prod", "--ref", "develop", code=1)
    asked = step(found, "event")
    assert (found["reason"], asked["expected"]) == ("event", "refs/heads/main")
    assert asked["mend"]["text"] == step(found, "ref")["mend"]["text"]
    assert set(explanations(project, "--ref", "main", code=0)) == {"test", "prod"}


def test_an_unknown_event_is_a_wrong_option(project: Project) -> None:
    """The events that slipway knows are listed; nothing is said about changes."""
    done = project.slipway("explain", "s", "billing", "--event", "banana", expect=2)
    assert "no event banana of GitHub; it knows: branch_protection_rule, " in done.stderr
    assert "workflow_run" in done.stderr
    assert "Nothing was changed" not in done.stderr


def test_a_ref_that_does_not_exist_has_a_step_of_its_own(project: Project) -> None:
    """A missing branch is not declared; a tag of its name is hinted at."""
    commit = project.world.github("GET", "repos/acme/billing/git/ref/heads/main")["object"]["sha"]
    body = {"ref": "refs/tags/v1.0", "sha": commit}
    project.world.github("POST", "repos/acme/billing/git/refs", body)
    tag = explained(project, "--environment", "dev", "--ref", "v1.0", code=1)
    assert tag["reason"] == "git ref"
    assert step(tag, "git ref")["mend"]["text"] == "a tag? write refs/tags/v1.0"
    none = explained(project, "--environment", "dev", "--ref", "v2.0", code=1)
    assert none["reason"] == "git ref"
    assert step(none, "git ref")["answer"] == "refs/heads/v2.0 does not exist"
    assert [one["mend"]["text"] for one in none["steps"] if one["mend"]] == ["deploy from develop"]
    full = explained(project, "--environment", "dev", "--ref", "refs/tags/v1.0", code=1)
    assert "git ref" not in {one["step"] for one in full["steps"]}

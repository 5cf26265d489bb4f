"""Commands that only read send no writing request to GitHub or AWS."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import ONE_ACCOUNT, ONLY_DEV, Project, new_project, running_world

BILLING = "repos/acme/billing"
ROLE = "acme.billing-prod"
STACK = "sandbox"
DECLARED = """\
repository: billing
environments: {prod: {reviewers: {users: [octocat]}, wait_minutes: 10}}
"""
LATER = ("legacy-reports", "payments")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """One repository onboarded and then changed by hand, and two not onboarded yet."""
    folder = tmp_path_factory.mktemp("dry")
    with running_world(folder) as world:
        project = new_project(world, folder)
        project.new_stack(STACK, ONE_ACCOUNT, billing=DECLARED)
        project.pulumi("up", "--yes", "--skip-preview", "--stack", STACK)
        for name in LATER:
            project.write(f"stacks/{STACK}/{name}.yaml", f"repository: {name}\n{ONLY_DEV}")
        tamper(project)
        yield project


def tamper(project: Project) -> None:
    """Cause drift that Pulumi sees and drift that it does not, so that there is much to repair."""
    world = project.world
    world.github("PUT", f"{BILLING}/environments/prod", {"wait_timer": 1})
    world.github("DELETE", f"{BILLING}/environments/dev")
    path = f"{BILLING}/contents/.github/workflows/python-test.yml"
    found = world.github("GET", path)
    content = base64.b64encode(b"name: x\non: push\njobs: {}\n").decode()
    world.github("PUT", path, {"message": "x", "content": content, "sha": found["sha"]})
    world.iam("333333333333").update_role(RoleName=ROLE, MaxSessionDuration=7200)


COMMANDS = {
    "preview": ("pulumi", "preview", "--stack", "sandbox"),
    "preview --refresh": ("pulumi", "preview", "--refresh", "--stack", "sandbox"),
    "drift": (
        "slipway",
        "drift",
        "sandbox",
        "--markdown",
        "--html",
        "d.html",
    ),
    "validate --live": ("slipway", "validate", "--live", "sandbox"),
    "render --live": ("slipway", "render", "sandbox", "--live", "--out", "out"),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_reading_command_writes_nothing(project: Project, command: tuple[str, ...]) -> None:
    """GitHub counts only reading requests; roles and state are as before."""
    world = project.world
    state = state_files(project)
    role = world.iam("333333333333").get_role(RoleName=ROLE)["Role"]
    world.control("POST", "requests/reset")
    calls = f"{world.record.aws_url}/_sandbox/requests"
    world.session.post(f"{calls}/reset", timeout=30)
    tool, *arguments = command
    run = project.slipway if tool == "slipway" else project.pulumi
    run(*arguments, expect=7 if "drift" in command else 0)
    counted = world.control("GET", "requests")
    assert (counted["writes"], counted["total"] > 0) == (0, True)
    assert world.session.get(calls, timeout=30).json()["writes"] == 0
    assert world.iam("333333333333").get_role(RoleName=ROLE)["Role"] == role
    assert state_files(project) == state


def state_files(project: Project) -> dict[Path, bytes]:
    """The stack's state as it is on disk."""
    folder = project.folder.parent / "sandbox/state/.pulumi/stacks"
    return {path: path.read_bytes() for path in folder.rglob("*.json")}


@pytest.mark.parametrize("command", ["validate", "render"])
def test_a_command_without_network_sends_no_request(project: Project, command: str) -> None:
    """Without --live not even a reading request is sent."""
    project.world.control("POST", "requests/reset")
    options = ("--out", "out") if command == "render" else ()
    project.slipway(command, "sandbox", *options)
    assert project.world.control("GET", "requests")["total"] == 0


def test_an_issue_is_all_that_drift_writes(project: Project) -> None:
    """`drift --issue` writes one issue to the named repository; a second run writes nothing."""
    world = project.world
    look = ("drift", "sandbox", "--no-preview", "--issue", "acme/payments")
    project.slipway(*look, expect=7)
    world.control("POST", "requests/reset")
    project.slipway(*look, expect=7)
    assert world.control("GET", "requests")["writes"] == 0
    (issue,) = world.github("GET", "repos/acme/payments/issues")
    assert "sandbox" in issue["title"]
    assert "environment dev" in issue["body"]

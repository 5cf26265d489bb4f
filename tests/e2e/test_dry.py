"""Dry means dry: what only looks sends nothing that writes, neither to GitHub nor to AWS."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Project, running_world, sample_project

BILLING = "repos/acme/billing"
ROLE = "acme.billing-prod"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """One repository onboarded and then changed by hand, and two not onboarded yet."""
    folder = tmp_path_factory.mktemp("dry")
    with running_world(folder) as world:
        project = sample_project(world, folder)
        declarations = project.folder / "stacks/sandbox"
        later = {name: (declarations / name).read_text() for name in LATER}
        for name in LATER:
            (declarations / name).unlink()
        project.pulumi("stack", "select", "--create", "sandbox")
        project.pulumi("config", "rm", "secrets", "--stack", "sandbox")
        project.up("sandbox")
        for name, text in later.items():
            (declarations / name).write_text(text.replace("secrets:", "# secrets:"))
        tamper(project)
        yield project


LATER = ("legacy-reports.yaml", "payments.yaml")


def tamper(project: Project) -> None:
    """Drift of both kinds, so that there is something to be tempted by."""
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
def test_what_only_looks_writes_nothing(project: Project, command: tuple[str, ...]) -> None:
    """GitHub counts reading requests and no writing one; roles and state are as before."""
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
def test_what_needs_no_network_asks_nothing(project: Project, command: str) -> None:
    """Without --live not even a reading request is sent."""
    project.world.control("POST", "requests/reset")
    options = ("--out", "out") if command == "render" else ()
    project.slipway(command, "sandbox", *options)
    assert project.world.control("GET", "requests")["total"] == 0


def test_an_issue_is_all_that_drift_writes(project: Project) -> None:
    """`--issue` opens one issue where it is told to, and a second look changes nothing."""
    world = project.world
    look = ("drift", "sandbox", "--no-preview", "--issue", "acme/payments")
    project.slipway(*look, expect=7)
    world.control("POST", "requests/reset")
    project.slipway(*look, expect=7)
    assert world.control("GET", "requests")["writes"] == 0
    (issue,) = world.github("GET", "repos/acme/payments/issues")
    assert "sandbox" in issue["title"]
    assert "environment dev" in issue["body"]

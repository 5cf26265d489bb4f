"""What was judged is what runs, whoever else is at work, with the real engine."""

import os
import pty
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.environment import FOREIGN
from tests.e2e.conftest import ONE_ACCOUNT, Project, new_project, running_world

PROD = "repos/acme/billing/environments/prod"
BILLING = """\
repository: billing
environments: {{prod: {{reviewers: {{users: [{}]}}, secrets: [TOKEN]{}}}}}
"""
OURS = BILLING.format("octocat", ", wait_minutes: 10, variables: {NEW: '1'}")
MARKER = "plan-secret-marker-7f3a"
#: What a colleague's checkout declares meanwhile.
THEIRS = BILLING.format("octocat, hubot", ", prevent_self_review: true, wait_minutes: 20")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """One repository, onboarded."""
    folder = tmp_path_factory.mktemp("plan")
    with running_world(folder) as world:
        project = new_project(world, folder)
        project.new_stack("s", ONE_ACCOUNT, billing=BILLING.format("octocat", ""))
        value = ("--path", "secrets.billing.prod.TOKEN", MARKER)
        project.pulumi("config", "set", "--stack", "s", "--secret", *value)
        project.up("s")
        yield project


@pytest.fixture
def colleague(project: Project, tmp_path: Path) -> Project:
    """Another checkout of the same stack, ahead of ours."""
    folder = tmp_path / "theirs"
    folder.mkdir()
    other = new_project(project.world, folder)
    shutil.copytree(project.folder / "stacks", other.folder / "stacks", dirs_exist_ok=True)
    other.write("stacks/s/billing.yaml", THEIRS)
    project.write("stacks/s/billing.yaml", OURS)
    return other


def rules(project: Project) -> tuple[set[str], int, bool]:
    """Reviewers, wait timer and whether self-review is prevented, as GitHub has them."""
    found = {r["type"]: r for r in project.world.github("GET", PROD)["protection_rules"]}
    required = found["required_reviewers"]
    return (
        {who["reviewer"]["login"] for who in required["reviewers"]},
        found.get("wait_timer", {}).get("wait_timer", 0),
        required["prevent_self_review"],
    )


def test_a_colleague_who_finishes_while_the_question_waits_stops_it(
    project: Project, colleague: Project
) -> None:
    """The answer was to another question: nothing is carried out, and it is said why."""
    inherited = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    terminal, end = pty.openpty()
    asked = subprocess.Popen(
        [str(project.folder / ".venv/bin/slipway"), "up", "s"],
        cwd=project.folder,
        env=inherited | project.world.environment | {"XDG_CACHE_HOME": str(project.folder / "c")},
        stdin=end,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    os.close(end)
    assert asked.stdout is not None
    said = ""
    while "(yes/no)" not in said:
        read = asked.stdout.read(1)
        assert read, said
        said += read
    colleague.slipway("up", "s", "--yes", "--accept")
    assert rules(project) == ({"octocat", "hubot"}, 20, True)
    os.write(terminal, b"yes\n")
    said += asked.stdout.read()
    asked.stdout.close()
    os.close(terminal)
    assert asked.wait(60) == 1, said
    assert "s: its state has changed, somebody else has updated it since the plan was made" in said
    assert rules(project) == ({"octocat", "hubot"}, 20, True)


def test_a_colleague_who_finishes_in_the_last_moment_stops_it(
    project: Project, colleague: Project, tmp_path: Path
) -> None:
    """After the last look the plan itself holds: Pulumi does nothing that it does not have.

    A `pulumi` of the test's own lets the colleague's update run just before ours, and keeps a copy
    of the plan: values of secrets are not in it.
    """
    project.write("stacks/s/billing.yaml", BILLING.format("octocat", ""))
    project.slipway("up", "s", "--yes", "--accept")
    project.write("stacks/s/billing.yaml", OURS)
    path = project.world.environment["PATH"]
    real = shutil.which("pulumi", path=path)
    late = tmp_path / "late"
    late.mkdir()
    theirs = f"cd {colleague.folder} && {real} up --yes --skip-preview --stack s --non-interactive"
    kept = f'for file; do case $file in */plan.json) cp "$file" {late}/plan.json;; esac; done'
    script = f'#!/bin/sh\n[ "$1" = up ] && ({kept}; {theirs}) >&2\nexec {real} "$@"\n'
    (late / "pulumi").write_text(script)
    (late / "pulumi").chmod(0o755)
    done = project.slipway("up", "s", "--yes", expect=None, PATH=f"{late}:{path}")
    assert done.returncode != 0
    assert "violates plan" in done.stderr
    assert rules(project) == ({"octocat", "hubot"}, 20, True)
    plan = (late / "plan.json").read_text(encoding="utf-8")
    assert "plaintextValue" in plan
    assert MARKER not in plan
    assert not list(Path(os.environ.get("TMPDIR", "/tmp")).glob("slipway-*/plan.json"))  # noqa: S108

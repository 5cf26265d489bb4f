"""The real engine runs exactly the judged plan, also if another client makes changes."""

import json
import os
import pty
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.environment import FOREIGN
from tests.e2e.conftest import ONE_ACCOUNT, Project, new_project, running_world
from tests.e2e.tampering import hands

DEV = "repos/acme/billing/environments/dev"
BILLING = """\
repository: billing
environments:
  test: none
  prod: none
  dev: {{reviewers: {{users: [{}]}}, secrets: [TOKEN]{}}}
"""
BASE = BILLING.format("octocat", "")
OURS = BILLING.format("octocat", ", wait_minutes: 10, variables: {NEW: '1'}")
MARKER = "plan-secret-marker-7f3a"
#: The declaration in a colleague's checkout during our run.
THEIRS = BILLING.format("octocat, hubot", ", prevent_self_review: true, wait_minutes: 20")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """One repository, onboarded."""
    folder = tmp_path_factory.mktemp("plan")
    with running_world(folder, checkpoints=True) as world:
        project = new_project(world, folder)
        project.new_stack("s", ONE_ACCOUNT, billing=BASE)
        value = ("--path", "secrets.billing.dev.TOKEN", MARKER)
        project.pulumi("config", "set", "--stack", "s", "--secret", *value)
        project.pulumi("up", "--yes", "--skip-preview", "--stack", "s")
        yield project


@pytest.fixture
def colleague(project: Project, tmp_path: Path) -> Project:
    """Another checkout of the same stack, with other declarations."""
    folder = tmp_path / "theirs"
    folder.mkdir()
    other = new_project(project.world, folder)
    shutil.copytree(project.folder / "stacks", other.folder / "stacks", dirs_exist_ok=True)
    other.write("stacks/s/billing.yaml", THEIRS)
    begin(project)
    return other


def begin(project: Project) -> None:
    """Reset dev to its first values, then declare more than these."""
    if rules(project) != ({"octocat"}, 0, False) or variables(project):
        project.write("stacks/s/billing.yaml", BASE)
        project.pulumi("up", "--refresh", "--yes", "--skip-preview", "--stack", "s")
    project.write("stacks/s/billing.yaml", OURS)


def variables(project: Project) -> int:
    """1 if dev has the variable that OURS declares, otherwise 0."""
    listed = project.world.github("GET", f"{DEV}/variables")["variables"]
    return sum(one["name"] == "NEW" for one in listed)


def rules(project: Project) -> tuple[set[str], int, bool]:
    """Reviewers, wait timer and whether self-review is prevented, as GitHub returns them."""
    found = {r["type"]: r for r in project.world.github("GET", DEV)["protection_rules"]}
    required = found["required_reviewers"]
    return (
        {who["reviewer"]["login"] for who in required["reviewers"]},
        found.get("wait_timer", {}).get("wait_timer", 0),
        required["prevent_self_review"],
    )


def test_a_colleague_who_finishes_while_the_question_waits_stops_it(
    project: Project, colleague: Project
) -> None:
    """If a colleague updates the stack during the question, the run ends and changes nothing."""
    inherited = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    terminal, end = pty.openpty()
    with subprocess.Popen(
        [str(project.folder / ".venv/bin/slipway"), "up", "s"],
        cwd=project.folder,
        env=inherited | project.world.environment | {"XDG_CACHE_HOME": str(project.folder / "c")},
        stdin=end,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as asked:
        os.close(end)
        assert asked.stdout is not None
        output = ""
        try:
            while "(yes/no)" not in output:
                read = asked.stdout.read(1)
                assert read, output
                output += read
            colleague.pulumi("up", "--yes", "--skip-preview", "--stack", "s")
            assert rules(project) == ({"octocat", "hubot"}, 20, True)
            os.write(terminal, b"yes\n")
            output += asked.stdout.read()
        finally:
            os.close(terminal)  # A run that still asks reads the end of its input.
    assert asked.returncode == 1, output
    assert "s: its state has changed, another run has updated it since the plan was made" in output
    assert rules(project) == ({"octocat", "hubot"}, 20, True)


def test_a_colleague_who_finishes_in_the_last_moment_stops_it(
    project: Project, colleague: Project, tmp_path: Path
) -> None:
    """If a colleague updates the stack after the last comparison, Pulumi itself ends the run.

    The test replaces `pulumi` by a script that runs the colleague's update just before ours, and
    copies the plan and the events of the update: neither contains values of secrets.
    """
    path = project.world.environment["PATH"]
    real = shutil.which("pulumi", path=path)
    late = tmp_path / "late"
    late.mkdir()
    theirs = f"cd {colleague.folder} && {real} up --yes --skip-preview --stack s --non-interactive"
    kept = f'for file; do case $file in */*.json) [ -e "$file" ] && cp "$file" {late};; esac; done'
    script = f'#!/bin/sh\n[ "$1" = up ] && {theirs} >&2\n{real} "$@"\ncode=$?\n{kept}\nexit $code\n'
    (late / "pulumi").write_text(script)
    (late / "pulumi").chmod(0o755)
    # The run has its own temporary folder: the shared one may contain plans of other runs.
    private = {"PATH": f"{late}:{path}", "TMPDIR": str(tmp_path)}
    done = project.slipway("up", "s", "--yes", expect=None, **private)
    assert done.returncode != 0
    assert "violates plan" in done.stderr
    assert rules(project) == ({"octocat", "hubot"}, 20, True)
    for name, hidden in (("plan.json", "plaintextValue"), ("events.json", "[secret]")):
        kept_file = (late / name).read_text(encoding="utf-8")
        assert hidden in kept_file
        assert MARKER not in kept_file
    assert not list(tmp_path.glob("slipway-*"))


def administrator(project: Project) -> None:
    """Add a reviewer and attach a policy, by hand."""
    hands.environment(project.world, "billing/dev", reviewers=["User monalisa"])
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    iam = project.world.iam("333333333333")
    iam.attach_role_policy(RoleName="acme.billing-dev", PolicyArn=arn)


def declaration(project: Project) -> None:
    """Save the declaration once more, with a shorter wait."""
    project.write("stacks/s/billing.yaml", OURS.replace("wait_minutes: 10", "wait_minutes: 1"))


def state(project: Project) -> None:
    """Import a state with another value of a variable; a new plan would write it again."""
    export = json.loads(project.pulumi("stack", "export", "--stack", "s").stdout)
    (region,) = [
        one
        for one in export["deployment"]["resources"]
        if one["urn"].endswith("ActionsEnvironmentVariable::billing-dev-AWS_REGION")
    ]
    region["inputs"]["value"] = region["outputs"]["value"] = "us-east-1"
    file = project.folder / "state.json"
    file.write_text(json.dumps(export), encoding="utf-8")
    project.pulumi("stack", "import", "--stack", "s", "--file", str(file))


@pytest.mark.parametrize(
    ("moment", "tampering", "message"),
    [
        ("preview", administrator, "s: repository billing, role acme.billing-dev of account"),
        ("up", declaration, "s: stopped at what the plan does not have"),
        ("up", state, "s: stopped at what the plan does not have"),
    ],
)
def test_a_change_after_the_plan_is_left_as_it_is(
    project: Project,
    tmp_path: Path,
    moment: str,
    tampering: Callable[[Project], None],
    message: str,
) -> None:
    """A change after the preview, or after the last comparison, ends the run and is not undone.

    The test replaces `pulumi` by a script that waits after its preview, or before its update, until
    the test has made the change.
    """
    begin(project)
    path = project.world.environment["PATH"]
    real = shutil.which("pulumi", path=path)
    engine = tmp_path / "pulumi"
    wait = f"touch {tmp_path}/reached; while [ ! -e {tmp_path}/go ]; do sleep 0.05; done"
    before, after = (f'[ "$1" = {moment} ] && ({wait})' if moment == at else ":" for at in MOMENTS)
    engine.write_text(f'#!/bin/sh\n{before}\n{real} "$@"\ncode=$?\n{after}\nexit $code\n')
    engine.chmod(0o755)
    with ThreadPoolExecutor(1) as pool:
        command = ("up", "s", "--yes", "--accept")
        run = pool.submit(project.slipway, *command, expect=None, PATH=f"{tmp_path}:{path}")
        while not (tmp_path / "reached").exists():
            assert not run.done(), run.result().stderr
            time.sleep(0.05)
        try:
            tampering(project)
            left = rules(project)
        finally:
            (tmp_path / "go").touch()
        done = run.result()
    assert done.returncode not in {0, 5, 8}, done.stderr
    assert message in done.stderr
    assert "try again" in done.stderr
    assert rules(project)[0] == left[0]
    assert moment == "up" or rules(project) == left


#: The commands that wait: the first one waits before it runs, the second one after it has run.
MOMENTS = ("up", "preview")

"""`slipway refresh` corrects the state where the provider cannot; plain `pulumi` then repairs."""

import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from operations.state.corrections import OVERWRITTEN
from tests.e2e.conftest import ONE_ACCOUNT, Project, new_project, running_world
from tests.e2e.tampering import hands
from tests.e2e.test_secrecy import MARKER, holders

PLACE = "billing/dev"
SECRETS = f"secrets/acme/{PLACE}"
BILLING = """\
repository: billing
environments:
  test: none
  prod: none
  dev: {exclusive: true, reviewers: {users: [octocat]}, secrets: [TOKEN, OTHER]}
"""
#: Objects that a user adds to dev.
ADDED = {"branch:*", "tag:x*", "DEBUG", "THEIRS"}
ENVIRONMENT = "repos/acme/billing/environments/dev"
OURS = {"TOKEN": f"{MARKER}-token", "OTHER": f"{MARKER}-other"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """One onboarded repository, whose dev has declared objects only."""
    folder = tmp_path_factory.mktemp("refresh")
    with running_world(folder) as world:
        project = new_project(world, folder)
        project.new_stack("s", ONE_ACCOUNT, billing=BILLING)
        for name, value in OURS.items():
            path = ("--path", f"secrets.billing.dev.{name}")
            project.pulumi("config", "set", "--secret", *path, value, "--stack", "s")
        project.pulumi("up", "--yes", "--skip-preview", "--stack", "s")
        yield project
        assert world.control("GET", "requests")["unserved"] == []


def home(project: Project) -> Path:
    """The folder of Pulumi's own files."""
    return Path(project.world.environment["PULUMI_HOME"])


def backups(project: Project) -> list[Path]:
    """The backups of states, oldest first."""
    return sorted((home(project) / "slipway/backups/s").glob("*.json"))


def exported(project: Project) -> str:
    """The state, values of secrets as ciphertexts."""
    return project.pulumi("stack", "export", "--stack", "s").stdout


def without_ciphertexts(project: Project) -> Any:
    """The state; ciphertexts change with each import."""
    return json.loads(exported(project), object_hook=without_ciphertext)


def without_ciphertext(value: dict[str, Any]) -> dict[str, Any]:
    """A JSON object of the state without its ciphertext."""
    return {key: found for key, found in value.items() if key != "ciphertext"}


def reviewers(project: Project) -> list[str]:
    """Logins of dev's reviewers."""
    rules = project.world.github("GET", "repos/acme/billing/environments/dev")["protection_rules"]
    return [
        who["reviewer"]["login"]
        for rule in rules
        if rule["type"] == "required_reviewers"
        for who in rule["reviewers"]
    ]


class Run(NamedTuple):
    """`slipway refresh`, then `slipway up`, after changes by hand that the provider overlooks."""

    output: str
    """The corrections that `slipway refresh` lists."""
    errors: str
    """Its other messages."""
    live: tuple[Any, list[str]]
    """The values of dev's secrets, and its reviewers, after the refresh."""
    changes: dict[str, str]
    """The changes of a plain preview after it."""
    upped: str
    """The messages of `slipway up`."""
    temporary: Path
    """The folder for temporary files."""


@pytest.fixture(scope="module")
def run(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A user overwrites, removes and adds; refresh and up repair it.

    Between two refreshes the state is restored from its backup.
    """
    temporary = tmp_path_factory.mktemp("temporary")
    # GitHub's times have seconds: an overwritten secret must be younger than our write.
    time.sleep(1.1)
    hands.secret(project.world, PLACE, "TOKEN", "theirs")
    hands.environment(project.world, PLACE, reviewers=[])
    hands.add_pattern(project.world, PLACE, "*")
    hands.add_pattern(project.world, PLACE, "x*", "tag")
    hands.variable(project.world, PLACE, "DEBUG", "1")
    hands.secret(project.world, PLACE, "THEIRS", "x")
    # The provider's refresh writes the secrets' new time into the state; slipway must remember its
    # own.
    project.pulumi("refresh", "--yes", "--skip-preview", "--stack", "s")
    assert project.changes("s") == {}, "the provider has learnt to see it"
    refresh = ("refresh", "s")
    refreshed = project.slipway(*refresh, TMPDIR=str(temporary))
    live = project.world.control("GET", SECRETS), reviewers(project)
    changes = project.changes("s")
    state_comes_back(project, refreshed.stderr)
    assert project.slipway(*refresh, TMPDIR=str(temporary)).stdout == refreshed.stdout
    upped = project.slipway("up", "s", "--yes", TMPDIR=str(temporary))
    return Run(refreshed.stdout, refreshed.stderr, live, changes, upped.stderr, temporary)


def state_comes_back(project: Project, errors: str) -> None:
    """The printed command restores the state; only its user can read the backup."""
    corrected, backup = without_ciphertexts(project), backups(project)[-1]
    assert backup.stat().st_mode & 0o777 == 0o600
    command = errors.partition("is kept: ")[2].splitlines()[0]
    assert command == f"pulumi stack import --stack s --file {backup}"
    project.run(*command.split())
    before = json.loads(backup.read_text(encoding="utf-8"), object_hook=without_ciphertext)
    assert without_ciphertexts(project) == before != corrected
    assert project.changes("s") == {}, "the values that its ciphertexts stand for are ours"


def test_a_refresh_lists_each_correction(run: Run) -> None:
    """The output names the removed reviewers, the secret and each added object, once each."""
    lines = run.output.splitlines()
    assert len(lines) == 2 + len(ADDED), "the other secret is as we wrote it"
    assert "billing: environment dev has no reviewers any more" in lines
    (overwritten,) = (line for line in lines if "TOKEN" in line)
    assert overwritten.startswith("billing: environment dev, secret TOKEN was overwritten at ")
    assert sum("is not declared; the next up deletes it" in line for line in lines) == len(ADDED)


def test_a_refresh_writes_nothing_to_github(run: Run) -> None:
    """Reviewers and secrets are as the user left them."""
    assert run.live == (OURS | {"TOKEN": "theirs", "THEIRS": "x"}, [])


def test_a_plain_preview_shows_what_was_corrected(run: Run) -> None:
    """Pulumi's own refresh overlooks all of it; after slipway's, each object is in the plan."""
    deleted = {f"billing-dev-{name}": "delete" for name in ADDED}
    assert run.changes == {"billing-dev": "update", "billing-dev-TOKEN": "update"} | deleted


def test_up_repairs_and_deletes(project: Project, run: Run) -> None:
    """Slipway's values are back and the added objects are gone; nothing is left to change.

    `up` deletes in more than a quarter of the stack's repositories without consent: a deleted
    object that a user added is not counted as a loss.
    """
    assert f"s: {2 + len(ADDED)} changes carried out" in run.upped
    assert reviewers(project) == ["octocat"]
    assert project.world.control("GET", SECRETS) == OURS
    patterns = project.world.github("GET", f"{ENVIRONMENT}/deployment-branch-policies")
    assert {one["name"] for one in patterns["branch_policies"]} == {"develop"}
    variables = project.world.github("GET", f"{ENVIRONMENT}/variables")["variables"]
    assert {one["name"] for one in variables} == {"AWS_ROLE_ARN", "AWS_REGION"}
    assert project.changes("s", "--refresh") == {}
    assert OVERWRITTEN not in exported(project)


@pytest.mark.usefixtures("run")
def test_where_nothing_is_wrong_the_state_is_not_replaced(project: Project) -> None:
    """Without corrections there is no import and no backup."""
    before = backups(project)
    assert "nothing to correct" in project.slipway("refresh", "s").stderr
    assert backups(project) == before


def test_no_file_contains_a_secret(project: Project, run: Run) -> None:
    """Neither states, backups and temporary files nor messages contain a value."""
    sandbox = home(project).parent
    assert backups(project)[-1].is_relative_to(sandbox)
    assert holders(project.folder, sandbox, run.temporary) == []
    assert MARKER not in run.output + run.errors


@pytest.mark.parametrize("host", [socket.gethostname(), "elsewhere"])
def test_a_stack_in_use_is_left_alone(project: Project, host: str) -> None:
    """A lock of a living process, or of a host that cannot be asked, is respected."""
    pid = os.getpid() if host == socket.gethostname() else 1
    lock = {"pid": pid, "username": "me", "hostname": host, "timestamp": "2026-11-23T14:00:00Z"}
    file = home(project).parent / "state/.pulumi/locks/organization/slipway/s/other.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(lock), encoding="utf-8")
    try:
        done = project.slipway("refresh", "s", expect=1)
        assert f"is in use by me@{host} (process {pid}, since " in done.stderr
        assert file.exists()
    finally:
        file.unlink(missing_ok=True)

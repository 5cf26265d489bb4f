"""`slipway refresh` tells the state what the provider cannot; plain `pulumi` does the rest."""

import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from operations.state.corrections import OVERWRITTEN
from tests.e2e.conftest import ONE_ACCOUNT, Project, new_project, running_world
from tests.e2e.tampering import hands
from tests.e2e.test_secrecy import MARKER, holders

PLACE = "billing/prod"
SECRETS = f"secrets/acme/{PLACE}"
BILLING = (
    "repository: billing\n"
    "environments: {prod: {reviewers: {users: [octocat]}, secrets: [TOKEN, OTHER]}}\n"
)
EXCLUSIVE = BILLING.replace("prod: {", "prod: {exclusive: true, ")
ENVIRONMENT = "repos/acme/billing/environments/prod"
OURS = {"TOKEN": f"{MARKER}-token", "OTHER": f"{MARKER}-other"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """One onboarded repository; each test leaves it as declared."""
    folder = tmp_path_factory.mktemp("refresh")
    with running_world(folder) as world:
        project = new_project(world, folder)
        project.new_stack("s", ONE_ACCOUNT, billing=BILLING)
        for name, value in OURS.items():
            path = ("--path", f"secrets.billing.prod.{name}")
            project.pulumi("config", "set", "--secret", *path, value, "--stack", "s")
        project.up("s")
        yield project
        assert world.control("GET", "requests")["unserved"] == []


def home(project: Project) -> Path:
    """The folder of Pulumi's own files."""
    return Path(project.world.environment["PULUMI_HOME"])


def backups(project: Project) -> list[Path]:
    """The backups of states, oldest first."""
    return sorted((home(project) / "slipway/backups/s").glob("*.json"))


def export(project: Project) -> str:
    """The state, values of secrets as ciphertexts."""
    return project.pulumi("stack", "export", "--stack", "s").stdout


def without_ciphertexts(project: Project) -> Any:
    """The state; ciphertexts change with each import."""
    return json.loads(export(project), object_hook=without_ciphertext)


def without_ciphertext(value: dict[str, Any]) -> dict[str, Any]:
    """A JSON object of the state without what is different in each encryption."""
    return {key: found for key, found in value.items() if key != "ciphertext"}


def reviewers(project: Project) -> list[str]:
    """Logins of those who may approve in prod."""
    rules = project.world.github("GET", "repos/acme/billing/environments/prod")["protection_rules"]
    return [
        who["reviewer"]["login"]
        for rule in rules
        if rule["type"] == "required_reviewers"
        for who in rule["reviewers"]
    ]


def test_where_nothing_is_wrong_the_state_is_not_replaced(project: Project) -> None:
    """No correction, no import, no backup."""
    before = backups(project)
    assert "nothing to correct" in project.slipway("refresh", "s").stderr
    assert backups(project) == before
    assert project.changes("s") == {}


def test_what_somebody_added_goes(project: Project) -> None:
    """After slipway's refresh a plain preview shows its deletion, and plain up does it."""
    project.write("stacks/s/billing.yaml", EXCLUSIVE)
    hands.add_pattern(project.world, PLACE, "*")
    hands.add_pattern(project.world, PLACE, "x*", "tag")
    hands.variable(project.world, PLACE, "DEBUG", "1")
    hands.secret(project.world, PLACE, "THEIRS", "x")
    assert project.changes("s", "--refresh") == {}, "the provider has learnt to see it"
    project.slipway("refresh", "s")
    added = {"branch:*", "tag:x*", "DEBUG", "THEIRS"}
    assert project.changes("s") == {f"billing-prod-{name}": "delete" for name in added}
    # More than a quarter of the stack's repositories, and yet no loss: nobody is asked.
    said = project.slipway("up", "s", "--yes").stderr
    assert "s: 4 changes carried out" in said
    patterns = f"{ENVIRONMENT}/deployment-branch-policies"
    assert {one["name"] for one in project.world.github("GET", patterns)["branch_policies"]} == {
        "main"
    }
    variables = project.world.github("GET", f"{ENVIRONMENT}/variables")["variables"]
    assert {one["name"] for one in variables} == {"AWS_ROLE_ARN", "AWS_REGION"}
    secrets = project.world.github("GET", f"{ENVIRONMENT}/secrets")["secrets"]
    assert {one["name"] for one in secrets} == {"TOKEN", "OTHER"}
    assert project.changes("s", "--refresh") == {}
    project.write("stacks/s/billing.yaml", BILLING)


def test_what_was_taken_away_and_overwritten_comes_back_and_leaks_nowhere(
    project: Project, tmp_path: Path
) -> None:
    """Pulumi's own refresh is blind to both; after slipway's, plain up repairs them.

    The secret is ours again, theirs is not known to us, and no file holds a value. In between the
    state is taken back from its backup.
    """
    # GitHub's times have seconds: an overwritten secret must be younger than our write.
    time.sleep(1.1)
    hands.secret(project.world, PLACE, "TOKEN", "theirs")
    hands.environment(project.world, PLACE, reviewers=[])
    # The provider's refresh takes their time into the state: ours must outlive that.
    project.pulumi("refresh", "--yes", "--skip-preview", "--stack", "s")
    assert project.changes("s") == {}, "the provider has learnt to see it"
    said = project.slipway("refresh", "s", TMPDIR=str(tmp_path))
    corrected = said.stdout.splitlines()
    assert len(corrected) == 2, "the other secret is as we wrote it"
    assert "billing: environment prod has no reviewers any more" in corrected
    (overwritten,) = (line for line in corrected if "reviewers" not in line)
    assert overwritten.startswith("billing: environment prod, secret TOKEN was overwritten at ")
    assert reviewers(project) == [], "a refresh writes nothing to GitHub"
    assert project.world.control("GET", SECRETS) == OURS | {"TOKEN": "theirs"}
    repairs = {"billing-prod": "update", "billing-prod-TOKEN": "update"}
    assert project.changes("s") == repairs
    state_comes_back(project, said.stderr)
    assert project.slipway("refresh", "s", TMPDIR=str(tmp_path)).stdout == said.stdout
    project.up("s")
    assert reviewers(project) == ["octocat"]
    assert project.world.control("GET", SECRETS) == OURS
    assert "nothing to correct" in project.slipway("refresh", "s", TMPDIR=str(tmp_path)).stderr
    assert project.changes("s", "--refresh") == {}
    assert OVERWRITTEN not in export(project)
    sandbox = home(project).parent
    assert backups(project)[-1].is_relative_to(sandbox)
    assert holders(project.folder, sandbox, tmp_path) == []
    assert MARKER not in said.stdout + said.stderr


def state_comes_back(project: Project, said: str) -> None:
    """The command that was printed works, and only its user can read the backup."""
    corrected, kept = without_ciphertexts(project), backups(project)[-1]
    assert kept.stat().st_mode & 0o777 == 0o600
    command = said.partition("is kept: ")[2].splitlines()[0]
    assert command == f"pulumi stack import --stack s --file {kept}"
    project.run(*command.split())
    before = json.loads(kept.read_text(encoding="utf-8"), object_hook=without_ciphertext)
    assert without_ciphertexts(project) == before != corrected
    assert project.changes("s") == {}, "the values that its ciphertexts stand for are ours"


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

"""A repository is renamed, and another one gets its old name."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ONE_ACCOUNT, Project, World, new_project

BILLING = """\
repository: billing
environments:
  prod: {reviewers: {teams: [platform]}, secrets: [API_KEY]}
"""
KEPT = "role: {name: acme.billing-"
PINNED = "trust: {claims: pinned, keep_subject_statement: false}"
#: The same, with a planned rename that did not happen: the repository got another name.
WINDOW = f"""\
repository: billing
next_name: bills
environments:
  dev: {{{KEPT}dev}}, {PINNED}}}
  test: {{{KEPT}test}}}}
  prod: {{{KEPT}prod}}, reviewers: {{teams: [platform]}}, secrets: [API_KEY]}}
"""
CONFIG = "secrets.billing.prod.API_KEY"
NAMES = ("dev", "test", "prod")


def newcomer(world: World) -> None:
    """Another repository, younger than the roles, with environments of its own."""
    seed = {
        "owner": "acme",
        "name": "billing",
        "created_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
        "files": {"README.md": "# x\n"},
        "environments": [{"name": name} for name in NAMES],
    }
    acme = {"login": "acme", "teams": [{"slug": "platform", "repositories": {"billing": "pull"}}]}
    world.control("POST", "seed", {"organizations": [acme], "repositories": [seed]})


def trusts(world: World) -> list[Any]:
    """The trust policies of slipway's roles."""
    roles = world.iam("333333333333").list_roles(PathPrefix="/slipway/")["Roles"]
    return [role["AssumeRolePolicyDocument"] for role in roles]


def resources(project: Project) -> set[str]:
    """The resources in Pulumi's state."""
    export = json.loads(project.pulumi("stack", "export", "--stack", "s").stdout)
    return {resource["urn"] for resource in export["deployment"]["resources"]}


@pytest.mark.parametrize("declared", [BILLING, WINDOW], ids=["plain", "window"])
def test_it_comes_into_nothing(world: World, tmp_path: Path, declared: str) -> None:
    """Without consent another repository of the old name gets neither roles nor state.

    Even with consent, it must have a commit.
    """
    project = new_project(world, tmp_path)
    project.new_stack("s", ONE_ACCOUNT, billing=declared)
    project.pulumi("config", "set", "--secret", "--path", CONFIG, "a-value", "--stack", "s")
    project.pulumi("up", "--yes", "--skip-preview", "--stack", "s")
    trusted, known = trusts(world), resources(project)
    world.control("PATCH", "repositories/acme/billing", {"name": "invoices"})
    refused_without_a_commit(project)
    newcomer(world)
    secrets = world.github("GET", "repos/acme/invoices/environments/prod/secrets")
    theirs = world.github("GET", "repos/acme/billing/environments")

    other = ("up", "s", "--yes", "--accept", "3f2a91c04be7")
    for command in (("up", "s", "--yes"), other, ("refresh", "s")):
        refused = project.slipway(*command, expect=2)
        assert "billing.yaml:1: repository: is another repository than the one" in refused.stderr
    advised = re.search("run slipway up s --accept ([0-9a-f,]+)$", refused.stderr, re.MULTILINE)
    assert advised
    assert trusts(world) == trusted
    assert resources(project) == known
    assert world.github("GET", "repos/acme/billing/environments") == theirs

    # Drift reports it as well, as weaker than declared.
    drift = project.slipway("drift", "s", "--no-preview", expect=7)
    assert drift.stdout.count("trust [up --accept]") == len(NAMES)
    accepted = project.slipway("up", "s", "--yes", "--accept", advised[1])
    words = "  billing is another repository than before"
    assert accepted.stderr.count(words) == len(NAMES) == len(advised[1].split(","))
    assert trusts(world) != trusted
    # The new repository has all declared objects, including the secret.
    created = world.github("GET", "repos/acme/billing/environments/prod/secrets")["secrets"]
    assert [secret["name"] for secret in created] == ["API_KEY"]
    assert world.github("GET", "repos/acme/invoices/environments/prod/secrets") == secrets
    assert project.slipway("drift", "s").stdout.startswith("s: 1 repository as declared")


def refused_without_a_commit(project: Project) -> None:
    """A new repository without a branch is refused before the state changes, even with --accept."""
    world, known = project.world, resources(project)
    world.control("POST", "seed", {"repositories": [{"owner": "acme", "name": "billing"}]})
    for command in (("up", "s", "--yes", "--accept"), ("refresh", "s")):
        refused = project.slipway(*command, expect=2)
        assert "repository: acme/billing has no commit yet" in refused.stderr
    assert resources(project) == known
    world.github("DELETE", "repos/acme/billing")

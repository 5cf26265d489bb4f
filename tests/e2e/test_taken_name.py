"""A repository is renamed, and another one gets its old name."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.e2e.conftest import ONE_ACCOUNT, Project, World, new_project

BILLING = """\
repository: billing
environments:
  prod: {reviewers: {teams: [platform]}, secrets: [API_KEY]}
"""
KEPT = "role: {name: acme.orders-"
PINNED = "trust: {claims: pinned, keep_subject_statement: false}"
#: A planned rename that did not happen: the repository got another name.
ORDERS = f"""\
repository: orders
next_name: sales
environments:
  dev: {{{KEPT}dev}}, {PINNED}}}
  test: {{{KEPT}test}}}}
  prod: {{{KEPT}prod}}, reviewers: {{teams: [platform]}}, secrets: [API_KEY]}}
"""
#: The names that the two get.
RENAMED = {"billing": "invoices", "orders": "shipments"}
NAMES = ("dev", "test", "prod")


def newcomer(world: World, name: str) -> None:
    """Another repository, younger than the roles, with environments of its own."""
    seed = {
        "owner": "acme",
        "name": name,
        "created_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
        "files": {"README.md": "# x\n"},
        "environments": [{"name": name} for name in NAMES],
    }
    acme = {"login": "acme", "teams": [{"slug": "platform", "repositories": {name: "pull"}}]}
    world.control("POST", "seed", {"organizations": [acme], "repositories": [seed]})


def trusts(world: World) -> dict[str, Any]:
    """The trust policies of slipway's roles by the roles' names."""
    roles = world.iam("333333333333").list_roles(PathPrefix="/slipway/")["Roles"]
    return {role["RoleName"]: role["AssumeRolePolicyDocument"] for role in roles}


def resources(project: Project) -> set[str]:
    """The resources in Pulumi's state."""
    export = json.loads(project.pulumi("stack", "export", "--stack", "s").stdout)
    return {resource["urn"] for resource in export["deployment"]["resources"]}


def of_all(world: World, names: Iterable[str], path: str) -> list[Any]:
    """GitHub's answers for a path below each repository."""
    return [world.github("GET", f"repos/acme/{name}/{path}") for name in names]


def test_it_comes_into_nothing(world: World, tmp_path: Path) -> None:
    """Without consent another repository of the old name gets neither roles nor state.

    Even with consent, it must have a commit. It makes no difference whether the declaration names
    a next name, which the repository did not get.
    """
    # From the time before subjects had ids, as billing is.
    old = {"created_at": "2022-01-01T00:00:00Z", "files": {"README.md": "# x\n"}}
    orders = {"owner": "acme", "name": "orders", **old}
    acme = {"login": "acme", "teams": [{"slug": "platform", "repositories": {"orders": "pull"}}]}
    world.control("POST", "seed", {"organizations": [acme], "repositories": [orders]})
    project = new_project(world, tmp_path)
    project.new_stack("s", ONE_ACCOUNT, billing=BILLING, orders=ORDERS)
    for name in RENAMED:
        place = ("--path", f"secrets.{name}.prod.API_KEY", "--stack", "s")
        project.pulumi("config", "set", "--secret", *place, "a-value")
    project.pulumi("up", "--yes", "--skip-preview", "--stack", "s")
    trusted, known = trusts(world), resources(project)
    for name, new in RENAMED.items():
        world.control("PATCH", f"repositories/acme/{name}", {"name": new})
    refused_without_a_commit(project)
    for name in RENAMED:
        newcomer(world, name)
    secrets = of_all(world, RENAMED.values(), "environments/prod/secrets")
    theirs = of_all(world, RENAMED, "environments")

    other = ("up", "s", "--yes", "--accept", "3f2a91c04be7")
    for command in (("up", "s", "--yes"), other, ("refresh", "s")):
        refused = project.slipway(*command, expect=2)
        for name in RENAMED:
            said = f"{name}.yaml:1: repository: is another repository than the one"
            assert said in refused.stderr
    advised = re.findall("run slipway up s --accept ([0-9a-f,]+)$", refused.stderr, re.MULTILINE)
    assert [len(one.split(",")) for one in advised] == [len(NAMES)] * len(RENAMED)
    assert trusts(world) == trusted
    assert resources(project) == known
    assert of_all(world, RENAMED, "environments") == theirs

    # Drift reports it as well, as weaker than declared.
    drift = project.slipway("drift", "s", "--no-preview", expect=7)
    assert drift.stdout.count("trust [up --accept]") == len(RENAMED) * len(NAMES)
    accepted = project.slipway("up", "s", "--yes", *(f"--accept={one}" for one in advised))
    for name in RENAMED:
        words = f"  {name} is another repository than before"
        assert accepted.stderr.count(words) == len(NAMES)
    now = trusts(world)
    assert now.keys() == trusted.keys()
    assert all(now[name] != trusted[name] for name in trusted)
    # The new repositories have all declared objects, including the secret.
    for created in of_all(world, RENAMED, "environments/prod/secrets"):
        assert [secret["name"] for secret in created["secrets"]] == ["API_KEY"]
    assert of_all(world, RENAMED.values(), "environments/prod/secrets") == secrets
    assert project.slipway("drift", "s").stdout.startswith("s: 2 repositories as declared")


def refused_without_a_commit(project: Project) -> None:
    """A new repository without a branch is refused before the state changes, even with --accept."""
    world, known = project.world, resources(project)
    empty = [{"owner": "acme", "name": name} for name in RENAMED]
    world.control("POST", "seed", {"repositories": empty})
    for command in (("up", "s", "--yes", "--accept"), ("refresh", "s")):
        refused = project.slipway(*command, expect=2)
        for name in RENAMED:
            assert f"repository: acme/{name} has no commit yet" in refused.stderr
    assert resources(project) == known
    for name in RENAMED:
        world.github("DELETE", f"repos/acme/{name}")

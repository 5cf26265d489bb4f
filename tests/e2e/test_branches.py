"""Repositories unlike the standard: with another default branch, or without some environments."""

import json
from pathlib import Path
from typing import Any

from tests.e2e.conftest import ONE_ACCOUNT, SOON, Project, World, new_project, running_world

ADMITTED = f"""\
repository: flow
environments:
  prod: {{deployment_branches: [main, develop], accept_weaker: gitflow until {SOON}}}
"""
#: The line of `validate --live` about a declaration whose prod may be weaker than test for now.
ACCEPTED = {"declarations": "4 repositories declared: 1 notice"}
FOLDER = ".github/workflows"


def seeded(name: str, default: str, *branches: str) -> dict[str, Any]:
    """Return the seed of a repository with these branches."""
    files = {"README.md": "# x\n"}
    named = {"owner": "acme", "name": name, "default_branch": default}
    return named | {"files": files, "branches": list(branches)}


def files_of(world: World, repository: str) -> dict[str, list[str]]:
    """Return the names of the workflow files on each branch."""
    found = {}
    for branch in world.github("GET", f"repos/acme/{repository}/branches"):
        place = f"repos/acme/{repository}/contents/{FOLDER}?ref={branch['name']}"
        found[branch["name"]] = [file["name"] for file in world.github("GET", place)]
    return found


def environments(world: World, repository: str) -> list[str]:
    """Return the names of the environments."""
    found = world.github("GET", f"repos/acme/{repository}/environments")["environments"]
    return sorted(one["name"] for one in found)


def roles(world: World) -> set[str]:
    """Return the names of the roles that slipway created."""
    found = world.iam("333333333333").list_roles(PathPrefix="/slipway/")["Roles"]
    return {role["RoleName"] for role in found}


def existing_objects_are_told(project: Project) -> str:
    """Validation refuses an existing variable, and reports an environment that `up` overwrites.

    Without the refusal the variable would stop `up` half-way. Returns the notices of the last
    `validate --live`, which succeeds.
    """
    world, place = project.world, "repos/acme/web/environments/test"
    world.github("PUT", place, {})
    world.github("POST", f"{place}/variables", {"name": "AWS_REGION", "value": "x"})
    said = project.slipway("validate", "s", "--live", expect=2).stderr
    assert said.startswith("stacks/s/web.yaml:1: repository: acme/web has environment test, varia")
    world.github("DELETE", f"{place}/variables/AWS_REGION")
    told = project.slipway("validate", "s", "--live").stderr
    assert "acme/web has environment test already, and `up` writes over it" in told
    return told


def unasked_or_wrong(project: Project) -> dict[str, str]:
    """The answers of all checks of an onboarded stack whose result is not `ok`, by name."""
    document = json.loads(project.slipway("validate", "s", "--live", "--json").stdout)
    checks = document["stacks"][0]["checks"]
    return {one["check"]: one["answer"] for one in checks if one["result"] != "ok"}


def test_repositories_unlike_the_standard(tmp_path: Path) -> None:
    """A repository is refused before any write, or goes through `up` to an empty preview.

    No branch but dev's is created, and files remain when a default branch is renamed.
    """
    with running_world(tmp_path) as world:
        world.control(
            "POST",
            "seed",
            {
                "repositories": [
                    seeded("old", "master"),
                    seeded("flow", "develop", "main"),
                    seeded("lib", "main"),
                    seeded("web", "main"),
                ]
            },
        )
        project = new_project(world, tmp_path)
        stack = {
            "old": "repository: old\n",
            "flow": "# gitflow\nrepository: flow\n",
            "lib": "repository: lib\ndeploy: none\n",
            "web": "repository: web\nenvironments: {dev: none}\n",
        }
        project.new_stack("s", ONE_ACCOUNT, **stack)

        said = project.slipway("validate", "s", "--live", expect=2).stderr
        assert said.startswith("stacks/s/flow.yaml:2: repository: acme/flow: GitHub runs the prod")
        assert "1 problem." in said
        failed = project.pulumi("up", "--yes", "--skip-preview", "--stack", "s", expect=None)
        assert failed.returncode
        assert "stacks/s/flow.yaml:2: repository: acme/flow: GitHub runs" in failed.stdout
        assert world.control("GET", "requests")["writes"] == 0

        # The message contains the declaration that solves the problem.
        assert "`environments: {prod: {deployment_branches: [main, develop]}}`" in said
        project.write("stacks/s/flow.yaml", ADMITTED)
        told = existing_objects_are_told(project)
        assert "1 repository has no 'main'" in told
        assert "(old: master)" in told
        project.up("s")
        every = ["python-dev.yml", "python-prd.yml", "python-test.yml"]
        assert files_of(world, "old") == {"develop": every, "master": every}
        dev_prd = ["python-dev.yml", "python-prd.yml"]
        assert files_of(world, "flow") == {"develop": dev_prd, "main": ["python-test.yml"]}
        # Without a deployment the workflows only test; without dev, slipway creates no branch for
        # it.
        test = "python-test.yml"
        checked = ["python-dev.yml", test]
        assert files_of(world, "lib") == {"develop": checked, "main": checked}
        assert files_of(world, "web") == {"main": ["python-prd.yml", test]}
        assert environments(world, "lib") == []
        assert environments(world, "web") == ["prod", "test"]
        assert roles(world) == {
            *(f"acme.{name}-{env}" for name in ("old", "flow") for env in ("dev", "test", "prod")),
            "acme.web-test",
            "acme.web-prod",
        }
        assert (project.changes("s"), unasked_or_wrong(project)) == ({}, ACCEPTED)
        project.slipway("render", "s", "old", "--live", "--out", "out")
        place = f"repos/acme/old/contents/{FOLDER}/python-test.yml"
        rendered = (project.folder / f"out/old/{FOLDER}/python-test.yml").read_bytes()
        assert b"branches: [master]" in rendered
        assert world.github("GET", place)["size"] == len(rendered)

        # The branches that prod admits change and environments are removed, so this run needs
        # consent.
        project.write("stacks/s/flow.yaml", "repository: flow\ndeploy: none\n")
        world.github("POST", "repos/acme/old/branches/master/rename", {"new_name": "main"})
        refused = project.slipway("up", "s", "--yes", expect=5).stderr
        assert "old: environment prod, branch policy main would become weaker" in refused
        project.slipway("up", "s", "--yes", "--accept")
        assert files_of(world, "old")["main"] == every
        assert files_of(world, "flow") == {"develop": ["python-dev.yml"], "main": [test]}
        assert environments(world, "flow") == []
        assert not any(name.startswith("acme.flow") for name in roles(world))
        commits = world.github("GET", "repos/acme/old/commits")
        changed = [world.github("GET", f"repos/acme/old/commits/{c['sha']}") for c in commits]
        assert "removed" not in {file["status"] for one in changed for file in one["files"]}
        project.slipway("drift", "s")
        assert world.control("GET", "requests")["unserved"] == []

"""A repository's file is removed: trust goes first, then what is in environments, then the rest."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.conftest import ONE_ACCOUNT, Project, World, new_project, running_world
from tests.e2e.rights import called, least_rights, refused

BILLING = """\
repository: billing
deploy: {lambda_function: "f-{environment}"}
environments: {prod: {secrets: [TOKEN], variables: {LEVEL: info}}}
"""
KEEP = "offboarding: {environments: keep, workflow_files: keep}\n"
#: What an offboarding does, in order: trust, configuration, files, protection.
PHASES = (
    r"DeleteRole(Policy)?$",
    r"DELETE /api/v3/rep\S+/(variables|secrets)/",
    r"DELETE /api/v3/rep\S+/contents/",
    r"DELETE /api/v3/rep\S+/environments/\w+ ",
)


OWN = ".github/workflows/own.yml"
#: What `develop` was made with, of files that are for other branches; nothing runs them there.
COPIES = [f".github/workflows/python-{file}.yml" for file in ("prd", "test")]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A world of its own."""
    folder = tmp_path_factory.mktemp("offboarding")
    with running_world(folder) as world:
        yield new_project(world, folder)


def onboard(project: Project, stack: str, declaration: str) -> dict[str, Any]:
    """Onboard billing beside payments, with the least rights; what GitHub and AWS have then."""
    project.new_stack(stack, ONE_ACCOUNT, billing=declaration, payments="repository: payments\n")
    path = ("--path", "secrets.billing.prod.TOKEN")
    project.pulumi("config", "set", "--secret", *path, "somebody-knows", "--stack", stack)
    least_rights(project, stack)
    project.pulumi("up", "--yes", "--skip-preview", "--stack", stack)
    return everything(project.world)


def offboard(project: Project, stack: str, *, guarded: bool = False) -> list[str]:
    """Remove billing's file; what the sandbox was told by the `up` that followed, in order."""
    (project.folder / f"stacks/{stack}/billing.yaml").unlink()
    log = project.folder.parent / "sandbox/sandbox.log"
    before = len(log.read_text().splitlines())
    if guarded:
        done = project.slipway("up", stack, "--yes", "--accept")
    else:
        done = project.pulumi("up", "--yes", "--skip-preview", "--stack", stack)
    seen = called(project)
    assert refused(seen) == set()
    assert "iam:DeleteRole" in seen
    # What is left in the configuration is told, and stops nothing.
    left = f"pulumi config rm --stack {stack} --path 'secrets.billing.prod.TOKEN'"
    assert left in done.stdout + done.stderr
    return log.read_text().splitlines()[before:]


def everything(world: World) -> dict[str, Any]:
    """The objects of both repositories on GitHub and AWS."""
    found: dict[str, Any] = {}
    for name in ("billing", "payments"):
        place = f"repos/acme/{name}"
        environments = world.github("GET", f"{place}/environments")["environments"]
        found[name] = {
            "repository": world.github("GET", place)["id"],
            "environments": {e["name"]: e["protection_rules"] for e in environments},
            "policies": {
                e["name"]: world.github(
                    "GET", f"{place}/environments/{e['name']}/deployment-branch-policies"
                )["branch_policies"]
                for e in environments
                if e["deployment_branch_policy"]
            },
            "variables": {
                (e["name"], variable["name"])
                for e in environments
                for variable in world.github(
                    "GET", f"{place}/environments/{e['name']}/variables?per_page=30"
                )["variables"]
            },
            "secrets": {
                (e["name"], secret["name"])
                for e in environments
                for secret in world.github("GET", f"{place}/environments/{e['name']}/secrets")[
                    "secrets"
                ]
            },
            "files": {
                branch: [
                    file["path"]
                    for file in world.github("GET", f"{place}/git/trees/{branch}?recursive=1")[
                        "tree"
                    ]
                    if file["path"].startswith(".github/workflows/")
                ]
                for branch in ("main", "develop")
            },
            "roles": [
                role["RoleName"]
                for account in ("111111111111", "222222222222", "333333333333")
                for role in world.iam(account).list_roles(PathPrefix="/slipway/")["Roles"]
                if f".{name}-" in role["RoleName"]
            ],
        }
    return found


def phases(log: list[str]) -> list[int]:
    """The phase of each deletion, in the order in which they came."""
    found = (number for line in log for number, what in enumerate(PHASES) if re.search(what, line))
    return list(found)


def test_trust_goes_first_and_nothing_foreign_goes(project: Project) -> None:
    """Roles go first, then variables and secrets, files, environments; foreign objects stay."""
    world = project.world
    before = onboard(project, "remove", BILLING)
    world.github("PUT", "repos/acme/billing/environments/staging", {})
    statement = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    added = {"RoleName": "acme.billing-prod", "PolicyName": "theirs", "PolicyDocument": policy}
    world.iam("333333333333").put_role_policy(**added)
    content = {"message": "x", "content": "bmFtZTogeAo="}
    world.github("PUT", "repos/acme/billing/contents/.github/workflows/own.yml", content)
    order = phases(offboard(project, "remove"))
    assert order == sorted(order)
    assert set(order) == {0, 1, 2, 3}
    after = everything(world)
    assert after["payments"] == before["payments"]
    left = after["billing"]
    assert left["repository"] == before["billing"]["repository"]
    assert list(left["environments"]) == ["staging"]
    assert left["files"] == {"main": [OWN], "develop": COPIES}
    assert left["roles"] == []
    assert project.changes("remove") == {}
    project.pulumi("destroy", "--yes", "--skip-preview", "--stack", "remove")


def test_trust_goes_first_where_an_environment_is_gone(project: Project) -> None:
    """A role outlives nothing else, though the refresh has forgotten all that it was made for."""
    onboard(project, "gone", BILLING)
    project.world.github("DELETE", "repos/acme/billing/environments/test")
    order = phases(offboard(project, "gone", guarded=True))
    assert order == sorted(order)
    assert set(order) == {0, 1, 2, 3}
    left = everything(project.world)["billing"]
    assert (left["roles"], left["variables"], left["secrets"]) == ([], set(), set())
    project.pulumi("destroy", "--yes", "--skip-preview", "--stack", "gone")


def test_what_is_to_be_kept_is_kept(project: Project) -> None:
    """Environments keep their rules, patterns and what is others', files stay; the rest goes.

    What counts is the declaration that the last `up` has read.
    """
    onboard(project, "keep", BILLING)
    project.write("stacks/keep/billing.yaml", BILLING + KEEP)
    project.pulumi("up", "--yes", "--skip-preview", "--stack", "keep")
    theirs = {"name": "THEIRS", "value": "1"}
    project.world.github("POST", "repos/acme/billing/environments/prod/variables", theirs)
    before = everything(project.world)
    order = phases(offboard(project, "keep"))
    assert order == sorted(order)
    assert set(order) == {0, 1}
    after = everything(project.world)["billing"]
    for what in ("repository", "environments", "policies", "files"):
        assert after[what] == before["billing"][what]
    assert after["variables"] == {("prod", "THEIRS")}
    assert (after["secrets"], after["roles"]) == (set(), [])
    assert project.changes("keep") == {}
    project.pulumi("destroy", "--yes", "--skip-preview", "--stack", "keep")


def test_an_offboarding_that_was_interrupted_goes_on(project: Project) -> None:
    """It fails at a file: trust and configuration are gone by then; the next `up` ends it."""
    world = project.world
    # What another test left there for good.
    for environment in world.github("GET", "repos/acme/billing/environments")["environments"]:
        world.github("DELETE", f"repos/acme/billing/environments/{environment['name']}")
    onboard(project, "half", BILLING)
    refuse = {"kind": "status", "method": "DELETE", "path": "/contents/", "status": 403, "count": 1}
    world.control("POST", "faults", refuse)
    (project.folder / "stacks/half/billing.yaml").unlink()
    project.pulumi("up", "--yes", "--skip-preview", "--stack", "half", expect=1)
    left = everything(world)["billing"]
    assert (left["roles"], left["variables"], left["secrets"]) == ([], set(), set())
    assert any("python-" in file for file in left["files"]["main"])
    assert set(left["environments"]) == {"dev", "test", "prod"}
    project.slipway("up", "half", "--yes", "--accept")
    left = everything(world)["billing"]
    assert left["environments"] == {}
    assert not any("python-" in file for file in left["files"]["main"])
    assert left["files"]["develop"] == COPIES
    assert project.changes("half", "--refresh") == {}
    project.pulumi("destroy", "--yes", "--skip-preview", "--stack", "half")

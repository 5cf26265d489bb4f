"""Offboarding removes trust first, then the objects in environments, then all others.

The fixture removes the files of four repositories of one stack in three runs; the tests check the
results.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.e2e.conftest import ONE_ACCOUNT, ONLY_DEV, Project, World, new_project, running_world
from tests.e2e.rights import called, least_rights, refused

STACK = "s"
#: The secret of `billing` is in the configuration, those of the others are in the environment.
IN_CONFIG = "[TOKEN]"
IN_ENVIRONMENT = "{TOKEN: {env: A_TOKEN}}"
VALUE = "somebody-knows"
DECLARED = """\
repository: {}
deploy: {{lambda_function: "{{repository}}-{{environment}}"}}
environments: {{prod: {{secrets: {}, variables: {{LEVEL: info}}}}}}
"""
KEEP = "offboarding: {environments: keep, workflow_files: keep}\n"
#: Names of the offboarded repositories; `payments` stays.
BILLING, KEPT, HALF, GONE = NAMES = ("billing", "kept", "half", "gone")
#: The requests of an offboarding, in order: trust, configuration, files, protection.
PHASES = (
    r"DeleteRole(Policy)?$",
    r"DELETE /api/v3/rep\S+/{}/environments/\w+/(variables|secrets)/",
    r"DELETE /api/v3/rep\S+/{}/contents/",
    r"DELETE /api/v3/rep\S+/{}/environments/\w+ ",
)
OWN = ".github/workflows/own.yml"
#: `develop` got these files, which are for other branches, when it was created; they start no run
#: there.
COPIES = [f".github/workflows/python-{file}.yml" for file in ("prd", "test")]
#: The message about a value that remains in the configuration.
LEFT = f"pulumi config rm --stack {STACK} --path 'secrets.billing.prod.TOKEN'"


class Run(NamedTuple):
    """One run that offboards, and the repositories before and after it."""

    before: dict[str, Any]
    after: dict[str, Any]
    output: str
    log: list[str]
    """The requests that the sandbox logged."""

    def phases(self, name: str) -> list[int]:
        """The phase of each deletion in a repository, in the order of the requests.

        The log does not name roles: these are the roles of all repositories of the run.
        """
        patterns = [pattern.format(name) for pattern in PHASES]
        return [
            number
            for line in self.log
            for number, pattern in enumerate(patterns)
            if re.search(pattern, line)
        ]


class Offboarded(NamedTuple):
    """The three runs."""

    plain: Run
    """Plain `pulumi up` offboards `billing` and `kept`."""
    interrupted: Run
    """Plain `pulumi up` for `half` fails at a file."""
    last: Run
    """`slipway up --accept` finishes `half` and offboards `gone`."""
    refused: set[str]
    """Actions that AWS refused, of all runs with the least rights."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Five onboarded repositories, with the least rights in AWS."""
    folder = tmp_path_factory.mktemp("offboarding")
    with running_world(folder) as world:
        seeds = [{"owner": "acme", "name": name, "files": {"a": "b"}} for name in NAMES[1:]]
        world.control("POST", "seed", {"repositories": seeds})
        project = new_project(world, folder)
        declared = {name: DECLARED.format(name, IN_ENVIRONMENT) for name in NAMES}
        declared[BILLING] = DECLARED.format(BILLING, IN_CONFIG)
        project.new_stack(
            STACK, ONE_ACCOUNT, payments=f"repository: payments\n{ONLY_DEV}", **declared
        )
        path = ("--path", "secrets.billing.prod.TOKEN")
        project.pulumi("config", "set", "--secret", *path, "somebody-knows", "--stack", STACK)
        least_rights(project, STACK)
        project.pulumi("up", "--yes", "--skip-preview", "--stack", STACK, A_TOKEN=VALUE)
        yield project


@pytest.fixture(scope="module")
def offboarded(project: Project) -> Offboarded:
    """Foreign objects are added, then the files of the repositories are removed."""
    world = project.world
    world.github("PUT", "repos/acme/billing/environments/staging", {})
    statement = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    added = {"RoleName": "acme.billing-prod", "PolicyName": "theirs", "PolicyDocument": policy}
    world.iam("333333333333").put_role_policy(**added)
    content = {"message": "x", "content": "bmFtZTogeAo="}
    world.github("PUT", "repos/acme/billing/contents/.github/workflows/own.yml", content)
    theirs = {"name": "THEIRS", "value": "1"}
    world.github("POST", "repos/acme/kept/environments/prod/variables", theirs)
    # Offboarding follows the declaration that the last `up` has read.
    project.write(f"stacks/{STACK}/kept.yaml", DECLARED.format(KEPT, IN_ENVIRONMENT) + KEEP)
    project.pulumi("up", "--yes", "--skip-preview", "--stack", STACK, A_TOKEN=VALUE)
    plain = offboard(project, BILLING, KEPT)

    refuse = {"kind": "status", "method": "DELETE", "status": 403, "count": 1}
    world.control("POST", "faults", refuse | {"path": "/half/contents/"})
    interrupted = offboard(project, HALF, expect=1)

    # The refresh removes the environment and all its dependent resources from the state.
    world.github("DELETE", "repos/acme/gone/environments/test")
    last = offboard(project, GONE, guarded=True)
    seen = called(project)
    assert "iam:DeleteRole" in seen
    return Offboarded(plain, interrupted, last, refused(seen))


def offboard(project: Project, *names: str, guarded: bool = False, expect: int = 0) -> Run:
    """Remove the files of repositories and run `up`."""
    before = everything(project.world)
    for name in names:
        (project.folder / f"stacks/{STACK}/{name}.yaml").unlink()
    log = project.folder.parent / "sandbox/sandbox.log"
    logged = len(log.read_text().splitlines())
    if guarded:
        done = project.slipway("up", STACK, "--yes", "--accept", expect=expect)
    else:
        up = ("up", "--yes", "--skip-preview", "--stack", STACK)
        done = project.pulumi(*up, expect=expect, A_TOKEN=VALUE)
    lines = log.read_text().splitlines()[logged:]
    return Run(before, everything(project.world), done.stdout + done.stderr, lines)


def everything(world: World) -> dict[str, Any]:
    """The objects of the repositories on GitHub and AWS, by repository."""
    found: dict[str, Any] = {}
    for name in (*NAMES, "payments"):
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
                for role in world.iam("333333333333").list_roles(PathPrefix="/slipway/")["Roles"]
                if f".{name}-" in role["RoleName"]
            ],
        }
    return found


def test_trust_goes_first_and_nothing_foreign_goes(offboarded: Offboarded) -> None:
    """Roles go first, then variables and secrets, files, environments; foreign objects stay."""
    run = offboarded.plain
    order = run.phases(BILLING)
    assert order == sorted(order)
    assert set(order) == {0, 1, 2, 3}
    assert run.after["payments"] == run.before["payments"]
    left = run.after[BILLING]
    assert left["repository"] == run.before[BILLING]["repository"]
    assert list(left["environments"]) == ["staging"]
    assert left["files"] == {"main": [OWN], "develop": COPIES}
    assert left["roles"] == []


def test_what_is_to_be_kept_is_kept(offboarded: Offboarded) -> None:
    """With `keep`, environments keep their rules, patterns and foreign variables, and files stay.

    All other objects are deleted.
    """
    run = offboarded.plain
    order = run.phases(KEPT)
    assert order == sorted(order)
    assert set(order) == {0, 1}
    before, after = run.before[KEPT], run.after[KEPT]
    for part in ("repository", "environments", "policies", "files"):
        assert after[part] == before[part]
    assert after["variables"] == {("prod", "THEIRS")}
    assert (after["secrets"], after["roles"]) == (set(), [])


def test_trust_goes_first_where_an_environment_is_gone(offboarded: Offboarded) -> None:
    """Roles go first although the refresh has forgotten the environment they were created for."""
    order = offboarded.last.phases(GONE)
    assert order == sorted(order)
    assert set(order) == {0, 1, 2, 3}
    left = offboarded.last.after[GONE]
    assert (left["roles"], left["variables"], left["secrets"]) == ([], set(), set())


def test_an_offboarding_that_was_interrupted_goes_on(offboarded: Offboarded) -> None:
    """A run fails at a file, after trust and configuration are gone; the next `up` completes it."""
    left = offboarded.interrupted.after[HALF]
    assert (left["roles"], left["variables"], left["secrets"]) == ([], set(), set())
    assert any("python-" in file for file in left["files"]["main"])
    assert set(left["environments"]) == {"dev", "test", "prod"}
    left = offboarded.last.after[HALF]
    assert left["environments"] == {}
    assert not any("python-" in file for file in left["files"]["main"])
    assert left["files"]["develop"] == COPIES


def test_a_value_left_in_the_configuration_is_named(offboarded: Offboarded) -> None:
    """The message has the command that removes it; the run succeeds all the same."""
    assert LEFT in offboarded.plain.output
    assert LEFT in offboarded.last.output


def test_the_least_rights_suffice(offboarded: Offboarded) -> None:
    """AWS refuses no request of an offboarding with the rights of `slipway rights`."""
    assert offboarded.refused == set()


@pytest.mark.usefixtures("offboarded")
def test_nothing_is_left_to_change(project: Project) -> None:
    """After all of it, a preview with refresh has no changes."""
    assert project.changes(STACK, "--refresh") == {}

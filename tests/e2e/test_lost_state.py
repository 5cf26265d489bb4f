"""Pulumi's state of a stack is lost: slipway rebuilds it from what exists."""

import json
from typing import Any, Final

import pytest

from tests.e2e.conftest import Project
from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.small import SHELL, Small, new_small
from tests.e2e.test_rename import alive
from tests.e2e.vault import PROVIDER

#: The protection of a branch that refuses direct pushes.
PROTECTION: Final = {
    "required_status_checks": {"strict": False, "contexts": ["ci"]},
    "enforce_admins": True,
    "required_pull_request_reviews": None,
    "restrictions": None,
}


def test_up_rebuilds_it(project: Project) -> None:
    """The same objects stay, no file is committed again, and the next preview is empty."""
    small = new_small(project, 1)
    small.up()
    before = alive(project.world, small.name), _roles(small)
    small.state.unlink()
    said = small.slipway_up(expect=1)
    assert f"no stack named '{small.name}' found: make it with `slipway init STACK`" in said
    project.slipway("init", small.name, "--yes")

    # A person has changed one value: it may be an object of a person, so nothing is done.
    variable = f"repos/acme/{small.name}/environments/test/variables/LOG_LEVEL"
    project.world.github("PATCH", variable, {"value": "debug"})
    said = small.slipway_up(expect=2)
    assert "environment test, variable LOG_LEVEL already, and Pulumi's state does not" in said
    assert f"slipway adopt {small.name} {small.name} (--all for" in said
    adopt = ("adopt", small.name, "--all", "--yes", "--json")
    done = project.slipway(*adopt, FAULTS_API_KEY=SHELL["FAULTS_API_KEY"])
    changes = json.loads(done.stdout)["changes"]
    (variable,) = (one for one in changes if "LOG_LEVEL" in one["object"])
    assert (variable["before"], variable["after"]) == ("debug", "warning")

    small.slipway_up()
    assert_converged(small)
    assert (alive(project.world, small.name), _roles(small)) == before


@pytest.mark.parametrize("provider", [PROVIDER, "default"])
def test_its_secrets_can_still_be_decrypted(project: Project, provider: str) -> None:
    """The stack that `slipway init` makes again has the key that its file has kept."""
    project.world.secrets_provider = provider
    small = new_small(project, 4)
    key = ("--path", "secrets.small.test.TOKEN", "--stack", small.name)
    project.pulumi("config", "set", "--secret", *key, "kept-value")
    small.pulumi("stack", "rm", "--yes", "--force", "--preserve-config")
    project.slipway("init", small.name, "--yes")
    assert project.pulumi("config", "get", *key).stdout == "kept-value\n"


def test_up_alone_is_enough(project: Project) -> None:
    """Where all is as declared, one command rebuilds the state; only the secret is written.

    For a protected branch it takes over the open pull request that brings the files, and opens no
    second one.
    """
    small = new_small(project, 2)
    guarded = {"owner": "acme", "name": "guarded", "files": {"README.md": "# Guarded\n"}}
    project.world.control("POST", "seed", {"repositories": [guarded]})
    project.world.github("PUT", "repos/acme/guarded/branches/main/protection", PROTECTION)
    # Without environments it has no roles, so that the account's are those of the small one.
    declared = "repository: guarded\ndeploy: none\n"
    project.write(f"stacks/{small.name}/guarded.yaml", declared)
    small.up()
    before = alive(project.world, small.name), _roles(small)
    (request,) = _requests(project)
    small.pulumi("stack", "rm", "--yes", "--force", "--preserve-config")
    project.slipway("init", small.name, "--yes")
    said = small.slipway_up()
    assert "which exist as declared" in said
    # The secret, and the request's two files, which are the same again.
    assert f"{small.name}: 3 changes carried out" in said
    (after,) = _requests(project)
    assert (after["number"], after["state"]) == (request["number"], "open")
    files = project.world.github("GET", "repos/acme/guarded/contents")
    assert [file["name"] for file in files] == ["README.md"], "nothing came to main"
    assert_converged(small)
    assert (alive(project.world, small.name), _roles(small)) == before


def _requests(project: Project) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = project.world.github("GET", "repos/acme/guarded/pulls?state=all")
    return found


def _roles(small: Small) -> set[str]:
    """Ids of the roles, which a role that is made again does not keep."""
    iam = small.project.world.iam(small.account)
    return {role["RoleId"] for role in iam.list_roles(PathPrefix="/slipway/")["Roles"]}

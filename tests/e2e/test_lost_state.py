"""Pulumi's state of a stack is lost: slipway rebuilds it from what exists."""

import json

import pytest

from tests.e2e.conftest import Project
from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.small import SHELL, Small, new_small
from tests.e2e.test_rename import alive
from tests.e2e.vault import PROVIDER


def test_up_rebuilds_it(project: Project) -> None:
    """The same objects stay, no file is committed again, and the next preview is empty."""
    small = new_small(project, 1)
    small.slipway_up()
    before = alive(project.world, small.name), _roles(small)
    small.state.unlink()
    said = small.slipway_up(expect=1)
    assert f"no stack named '{small.name}' found: make it with `slipway init STACK`" in said
    project.slipway("init", small.name, "--yes")

    # A person has changed one value: it may be an object of a person, so nothing is done.
    variable = f"repos/acme/{small.name}/environments/prod/variables/LOG_LEVEL"
    project.world.github("PATCH", variable, {"value": "debug"})
    said = small.slipway_up(expect=2)
    assert "environment prod, variable LOG_LEVEL already, and Pulumi's state does not" in said
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
    key = ("--path", "secrets.small.prod.TOKEN", "--stack", small.name)
    project.pulumi("config", "set", "--secret", *key, "kept-value")
    small.pulumi("stack", "rm", "--yes", "--force", "--preserve-config")
    project.slipway("init", small.name, "--yes")
    assert project.pulumi("config", "get", *key).stdout == "kept-value\n"


def test_up_alone_is_enough(project: Project) -> None:
    """Where all is as declared, one command rebuilds the state; only the secret is written."""
    small = new_small(project, 2)
    small.slipway_up()
    before = alive(project.world, small.name), _roles(small)
    small.pulumi("stack", "rm", "--yes", "--force", "--preserve-config")
    project.slipway("init", small.name, "--yes")
    said = small.slipway_up()
    assert "which exist as declared" in said
    assert f"{small.name}: 1 change carried out" in said
    assert_converged(small)
    assert (alive(project.world, small.name), _roles(small)) == before


def _roles(small: Small) -> set[str]:
    """Ids of the roles, which a role that is made again does not keep."""
    iam = small.project.world.iam(small.account)
    return {role["RoleId"] for role in iam.list_roles(PathPrefix="/slipway/")["Roles"]}


def test_an_open_pull_request_stays_the_only_one(project: Project) -> None:
    """The request that brings the files is taken over, and no second one is opened."""
    small = new_small(project, 3)
    protection = {
        "required_status_checks": {"strict": False, "contexts": ["ci"]},
        "enforce_admins": True,
        "required_pull_request_reviews": None,
        "restrictions": None,
    }
    path = f"repos/acme/{small.name}/branches/main/protection"
    project.world.github("PUT", path, protection)
    small.slipway_up()
    (before,) = small.github("pulls?state=all")
    small.pulumi("stack", "rm", "--yes", "--force", "--preserve-config")
    project.slipway("init", small.name, "--yes")
    small.slipway_up()
    (after,) = small.github("pulls?state=all")
    assert (after["number"], after["state"]) == (before["number"], "open")
    assert small.github("contents")[0]["name"] == "README.md", "nothing came to main"
    small.pulumi("preview", "--refresh", "--expect-no-changes")

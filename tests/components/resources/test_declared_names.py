"""Children of a failed resource are registered with their parent's declared name."""

import pytest

from components.resources.deployment_role import DeploymentRole
from components.resources.github_environment import GitHubEnvironment
from tests.components.resources.conftest import Provision, Recorder
from tests.components.resources.test_deployment_role import ARGS, ROLE
from tests.components.resources.test_github_environment import ENVIRONMENT, args


def registered(provision: Provision, *failing: str) -> Recorder:
    """One role and one environment, with all that belongs to them."""

    def program() -> None:
        DeploymentRole("a-prod", ARGS)
        GitHubEnvironment("a-prod", args()).configure({"MODE": "fast"}, {"KEY": "value"})

    return provision(program, *failing)


#: The inputs that name a parent, by resource.
NAMES = {
    "RolePolicy a-prod-deploy": "role",
    "RolePolicyAttachment a-prod-arn:aws:iam::aws:policy/ReadOnlyAccess": "role",
    "RolePoliciesExclusive a-prod-inline": "roleName",
    "RolePolicyAttachmentsExclusive a-prod-managed": "roleName",
    "RepositoryEnvironmentDeploymentPolicy a-prod-branch:main": "environment",
    "RepositoryEnvironmentDeploymentPolicy a-prod-tag:v*": "environment",
    "ActionsEnvironmentVariable a-prod-MODE": "environment",
    "ActionsEnvironmentSecret a-prod-KEY": "environment",
}


@pytest.mark.parametrize("failing", [(), (ROLE, ENVIRONMENT)])
def test_a_child_has_its_parents_name(provision: Provision, failing: tuple[str, ...]) -> None:
    """A child has its parent's name even if the parent failed: the providers require the name."""
    children = registered(provision, *failing).children
    inputs = {
        f"{kind.rpartition(':')[2]} {name}": found for (kind, name), found in children.items()
    }
    for child, name in NAMES.items():
        parent = "prod" if name == "environment" else ARGS["role_name"]
        assert inputs[child].get(name) == parent, child


@pytest.mark.parametrize("child", NAMES)
def test_a_child_is_made_again_with_its_parent(provision: Provision, child: str) -> None:
    """The input with the parent's name depends on the parent, so Pulumi replaces both together."""
    found = registered(provision).inputs_of[child, NAMES[child]]
    inside = NAMES[child] == "environment"
    assert found == {"RepositoryEnvironment a-prod" if inside else "Role a-prod"}

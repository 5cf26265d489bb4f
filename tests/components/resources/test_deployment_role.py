from components.resources.deployment_role import DeploymentRole, DeploymentRoleArgs
from tests.components.resources.conftest import Provision
from tests.components.resources.options import Options

ROLE = "aws:iam/role:Role"
ARGS: DeploymentRoleArgs = {
    "role_name": "acme.billing-prod",
    "path": "/slipway/",
    "description": "Deployments of acme/billing to prod",
    "trust_policy": '{"trust": 1}',
    "inline_policies": {"deploy": '{"deploy": 1}'},
    "managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    "permissions_boundary": "arn:aws:iam::333333333333:policy/deployments",
    "max_session_seconds": 3600,
    "tags": {"managed-by": "slipway"},
}


def test_the_role_carries_exactly_what_it_was_given(provision: Provision) -> None:
    """Name, trust, boundary, session, tags and policies reach AWS as they are, and nothing else."""
    recorder = provision(lambda: DeploymentRole("billing-prod", ARGS))
    assert recorder.of(ROLE) == {
        "billing-prod": {
            "name": "acme.billing-prod",
            "path": "/slipway/",
            "description": "Deployments of acme/billing to prod",
            "assumeRolePolicy": '{"trust": 1}',
            "permissionsBoundary": "arn:aws:iam::333333333333:policy/deployments",
            "maxSessionDuration": 3600,
            "forceDetachPolicies": True,
            "tags": {"managed-by": "slipway"},
        }
    }
    assert recorder.of("aws:iam/rolePolicy:RolePolicy") == {
        "billing-prod-deploy": {
            "name": "deploy",
            "role": "acme.billing-prod",
            "policy": '{"deploy": 1}',
        }
    }
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    assert recorder.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment") == {
        f"billing-prod-{arn}": {"role": "acme.billing-prod", "policyArn": arn}
    }


def test_no_boundary_is_no_input(provision: Provision) -> None:
    """An absent boundary is not sent as an empty one."""
    args: DeploymentRoleArgs = {**ARGS, "permissions_boundary": None}
    recorder = provision(lambda: DeploymentRole("billing-prod", args))
    assert "permissionsBoundary" not in recorder.of(ROLE)["billing-prod"]


def test_policies_go_with_their_role(provision: Provision) -> None:
    """The role waits for what it is told to, its policies for the role; nothing else is asked."""

    def program() -> None:
        first = DeploymentRole("first", {**ARGS, "inline_policies": {}, "managed_policies": []})
        DeploymentRole("billing-prod", ARGS, after=[first])

    role, component = "Role billing-prod", "DeploymentRole billing-prod"
    policy = Options(parent=component, after=frozenset({role}))
    assert provision(program).options == {
        "DeploymentRole first": Options(),
        "Role first": Options(parent="DeploymentRole first"),
        component: Options(),
        role: Options(parent=component, after=frozenset({"Role first"})),
        "RolePolicy billing-prod-deploy": policy,
        "RolePolicyAttachment billing-prod-arn:aws:iam::aws:policy/ReadOnlyAccess": policy,
    }

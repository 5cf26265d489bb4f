from components.resources.deployment_role import DeploymentRole, DeploymentRoleArgs
from tests.components.resources.conftest import Provision
from tests.components.resources.options import Options

ROLE = "aws:iam/role:Role"
INLINE = "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive"
MANAGED = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
ARGS: DeploymentRoleArgs = {
    "role_name": "acme.billing-prod",
    "path": "/slipway/",
    "description": "Deployments of acme/billing to prod",
    "trust_policy": '{"trust": 1}',
    "inline_policies": {"deploy": '{"deploy": 1}'},
    "managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    "permissions_boundary": "arn:aws:iam::333333333333:policy/deployments",
    "max_session_seconds": 3600,
    "other_inline_policies": False,
    "other_managed_policies": False,
    "tags": {"managed-by": "slipway"},
}


def test_the_role_carries_exactly_what_it_was_given(provision: Provision) -> None:
    """Exactly the given name, trust, boundary, session, tags and policies reach AWS."""
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
    assert recorder.of(INLINE) == {
        "billing-prod-inline": {"roleName": "acme.billing-prod", "policyNames": ["deploy"]}
    }
    assert recorder.of(MANAGED) == {
        "billing-prod-managed": {"roleName": "acme.billing-prod", "policyArns": [arn]}
    }


def test_a_role_without_policies_has_no_others(provision: Provision) -> None:
    """Without policies the exclusive lists are empty, so `up` removes foreign policies."""
    args: DeploymentRoleArgs = {**ARGS, "inline_policies": {}, "managed_policies": []}
    recorder = provision(lambda: DeploymentRole("x", args))
    assert recorder.of(INLINE)["x-inline"]["policyNames"] == []
    assert recorder.of(MANAGED)["x-managed"]["policyArns"] == []


def test_a_role_that_others_manage_as_well_is_left_to_them(provision: Provision) -> None:
    """If foreign policies of one kind are allowed, `up` removes no policy of that kind."""
    inline: DeploymentRoleArgs = {**ARGS, "other_inline_policies": True}
    recorder = provision(lambda: DeploymentRole("billing-prod", inline))
    assert (len(recorder.of(INLINE)), len(recorder.of(MANAGED))) == (0, 1)
    managed: DeploymentRoleArgs = {**ARGS, "other_managed_policies": True}
    recorder = provision(lambda: DeploymentRole("billing-test", managed))
    assert (len(recorder.of(INLINE)), len(recorder.of(MANAGED))) == (1, 0)


def test_no_boundary_is_no_input(provision: Provision) -> None:
    """Without a boundary the role has no such input, not an empty one."""
    args: DeploymentRoleArgs = {**ARGS, "permissions_boundary": None}
    recorder = provision(lambda: DeploymentRole("billing-prod", args))
    assert "permissionsBoundary" not in recorder.of(ROLE)["billing-prod"]


def test_policies_go_with_their_role(provision: Provision) -> None:
    """The role waits for the given resources, and its policies for the role."""

    def program() -> None:
        first = DeploymentRole("first", {**ARGS, "inline_policies": {}, "managed_policies": []})
        DeploymentRole("billing-prod", ARGS, after=[first])

    role, component = "Role billing-prod", "DeploymentRole billing-prod"
    policy = Options(parent=component, after=frozenset({role}))
    attached = "RolePolicyAttachment billing-prod-arn:aws:iam::aws:policy/ReadOnlyAccess"
    # The lists come last: otherwise they and the attachment would create a policy at the same time.
    lists = Options(
        parent=component, after=frozenset({role, "RolePolicy billing-prod-deploy", attached})
    )
    empty = Options(parent="DeploymentRole first", after=frozenset({"Role first"}))
    assert provision(program).options == {
        "DeploymentRole first": Options(),
        "Role first": Options(parent="DeploymentRole first"),
        "RolePoliciesExclusive first-inline": empty,
        "RolePolicyAttachmentsExclusive first-managed": empty,
        "RolePoliciesExclusive billing-prod-inline": lists,
        "RolePolicyAttachmentsExclusive billing-prod-managed": lists,
        component: Options(),
        role: Options(
            parent=component,
            after=frozenset(
                {
                    "Role first",
                    "RolePoliciesExclusive first-inline",
                    "RolePolicyAttachmentsExclusive first-managed",
                }
            ),
        ),
        "RolePolicy billing-prod-deploy": policy,
        attached: policy,
    }

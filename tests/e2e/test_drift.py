"""A change made by hand is shown by a preview with refresh and put right by `up`."""

import base64
import json
from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.e2e.conftest import Project, World

BILLING = "repos/acme/billing"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}


def wait_timer(world: World) -> None:
    """Somebody shortens prod's wait timer in the settings page, leaving the rest."""
    policy = {"protected_branches": False, "custom_branch_policies": True}
    reviewers = [{"type": "Team", "id": world.github("GET", "orgs/acme/teams/platform")["id"]}]
    body = {
        "wait_timer": 0,
        "reviewers": reviewers,
        "can_admins_bypass": False,
        "prevent_self_review": False,
        "deployment_branch_policy": policy,
    }
    world.github("PUT", f"{BILLING}/environments/prod", body)


def variable(world: World) -> None:
    """Somebody points dev's deployments at another role."""
    body = {"name": "AWS_ROLE_ARN", "value": "arn:aws:iam::111111111111:role/other"}
    world.github("PATCH", f"{BILLING}/environments/dev/variables/AWS_ROLE_ARN", body)


def workflow_file(world: World) -> None:
    """Somebody edits the test workflow on main."""
    path = f"{BILLING}/contents/.github/workflows/python-test.yml"
    found = world.github("GET", f"{path}?ref=main")
    text = base64.b64decode(found["content"]).decode() + "# edited\n"
    body = {
        "message": "edit",
        "content": base64.b64encode(text.encode()).decode(),
        "sha": found["sha"],
        "branch": "main",
    }
    world.github("PUT", path, body)


def branch_policy(world: World) -> None:
    """Somebody removes the policy that admits main to test."""
    path = f"{BILLING}/environments/test/deployment-branch-policies"
    (policy,) = world.github("GET", path)["branch_policies"]
    world.github("DELETE", f"{path}/{policy['id']}")


def renamed_branch_policy(world: World) -> None:
    """Somebody lets every branch deploy to prod."""
    path = f"{BILLING}/environments/prod/deployment-branch-policies"
    (policy,) = world.github("GET", path)["branch_policies"]
    world.github("PUT", f"{path}/{policy['id']}", {"name": "*"})


def trust(world: World) -> None:
    """Somebody widens prod's trust to every environment of the repository."""
    iam = world.iam("333333333333")
    role = iam.get_role(RoleName="acme.billing-prod")["Role"]
    text = json.dumps(role["AssumeRolePolicyDocument"])
    wider = text.replace("environment:prod", "environment:dev")
    assert wider != text
    iam.update_assume_role_policy(RoleName="acme.billing-prod", PolicyDocument=wider)


def permissions(world: World) -> None:
    """Somebody gives test's role all of S3."""
    world.iam("222222222222").put_role_policy(
        RoleName="acme.billing-test", PolicyName="deploy", PolicyDocument=json.dumps(POLICY)
    )


def boundary(world: World) -> None:
    """Somebody takes the boundary off a role."""
    world.iam("333333333333").delete_role_permissions_boundary(RoleName="acme.payments-prod")


def environment(world: World) -> None:
    """Somebody deletes an environment with everything in it."""
    world.github("DELETE", f"{BILLING}/environments/dev")


class Case(NamedTuple):
    """A change by hand and what a preview with refresh must show."""

    tamper: Callable[[World], None]
    shown: dict[str, str]


CASES = {
    "wait timer": Case(wait_timer, {"billing-prod": "update"}),
    "variable": Case(variable, {"billing-dev-AWS_ROLE_ARN": "update"}),
    "workflow file": Case(workflow_file, {"billing-python-test.yml:main": "update"}),
    "branch policy removed": Case(branch_policy, {"billing-test-branch:main": "create"}),
    "branch policy widened": Case(renamed_branch_policy, {"billing-prod-branch:main": "update"}),
    "trust": Case(trust, {"billing-prod": "update"}),
    "permissions": Case(permissions, {"billing-test-deploy": "update"}),
    "boundary": Case(boundary, {"payments-prod": "update"}),
    "environment deleted": Case(
        environment,
        {
            "billing-dev": "create",
            "billing-dev-branch:develop": "create",
            "billing-dev-AWS_ROLE_ARN": "create",
            "billing-dev-AWS_REGION": "create",
        },
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_change_by_hand_is_shown_and_put_right(sample: Project, case: Case) -> None:
    """Exactly the changed resource is shown, with exit code 7; `up` repairs; then it is quiet."""
    case.tamper(sample.world)
    drift = ("--refresh", "--expect-no-changes")
    assert sample.changes("sandbox", *drift, expect=7) == case.shown
    sample.pulumi("up", "--refresh", "--yes", "--skip-preview", "--stack", "sandbox")
    assert sample.changes("sandbox", *drift) == {}

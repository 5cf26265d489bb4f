"""A repository is renamed on GitHub and in its declaration: everything is taken over in place."""

from pathlib import Path
from typing import Any

from tests.e2e.conftest import ACME, World, new_project

DECLARED = """\
repository: billing
deploy: {lambda_function: f}
environments: {prod: {secrets: {TOKEN: {env: A_TOKEN}}, variables: {LEVEL: info}}}
"""
RENAMED = DECLARED.replace("billing", "invoices") + "previously: billing\n"


def alive(world: World, name: str) -> dict[str, Any]:
    """What must survive: ids and times of creation of all that is in the repository."""
    place = f"repos/acme/{name}"
    found = world.github("GET", f"{place}/environments")["environments"]
    made: dict[str, Any] = {}
    for environment in found:
        inside = f"{place}/environments/{environment['name']}"
        policies = world.github("GET", f"{inside}/deployment-branch-policies")["branch_policies"]
        secrets = world.github("GET", f"{inside}/secrets")["secrets"]
        variables = world.github("GET", f"{inside}/variables")["variables"]
        made[environment["name"]] = {
            "id": environment["id"],
            "policies": {policy["name"]: policy["id"] for policy in policies},
            "secrets": {secret["name"]: secret["created_at"] for secret in secrets},
            "variables": {variable["name"]: variable["created_at"] for variable in variables},
        }
    return made


def test_nothing_is_lost_and_trust_follows(world: World, tmp_path: Path) -> None:
    """No environment, pattern, variable or secret is made anew; only the role is."""
    project = new_project(world, tmp_path)
    project.new_stack("s", ACME, billing=DECLARED)
    token = {"A_TOKEN": "somebody-knows"}
    project.pulumi("up", "--yes", "--skip-preview", "--stack", "s", **token)
    before = alive(world, "billing")
    world.control("PATCH", "repositories/acme/billing", {"name": "invoices"})
    (project.folder / "stacks/s/billing.yaml").unlink()
    project.write("stacks/s/invoices.yaml", RENAMED)

    plan = project.pulumi("preview", "--json", "--stack", "s", **token)
    project.pulumi("up", "--yes", "--skip-preview", "--stack", "s", **token)

    assert '"op": "delete"' not in plan.stdout
    assert alive(world, "invoices") == before
    assert world.control("GET", "secrets/acme/invoices/prod") == {"TOKEN": "somebody-knows"}
    iam = world.iam("333333333333")
    roles = iam.list_roles(PathPrefix="/slipway/")["Roles"]
    assert [role["RoleName"] for role in roles] == ["acme.invoices-prod"]
    trust = roles[0]["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]["StringEquals"]
    prefix = world.github("GET", "repos/acme/invoices/actions/oidc/customization/sub")
    subject = f"{prefix['sub_claim_prefix']}:environment:prod"
    assert trust["token.actions.githubusercontent.com:sub"] == subject
    assert "@" in subject
    values = world.github("GET", "repos/acme/invoices/environments/prod/variables")["variables"]
    arn = next(value["value"] for value in values if value["name"] == "AWS_ROLE_ARN")
    assert arn == roles[0]["Arn"]
    quiet = ("--refresh", "--expect-no-changes", "--stack", "s")
    project.pulumi("preview", *quiet, **token)

    project.write("stacks/s/invoices.yaml", RENAMED.replace("previously: billing\n", ""))
    project.pulumi("preview", *quiet, **token)

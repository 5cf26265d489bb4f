"""A repository is renamed on GitHub and in its declaration: no object is recreated."""

import re
from pathlib import Path
from typing import Any

from tests.e2e.conftest import ONE_ACCOUNT, World, new_project

DECLARED = """\
repository: billing
deploy: {lambda_function: "f-{environment}"}
environments:
  dev: {role: {name: kept}}
  prod: {secrets: {TOKEN: {env: A_TOKEN}}, variables: {LEVEL: info}}
"""
VALUE = "somebody-knows"
#: The declaration after the rename.
SETTLED = DECLARED.replace("billing", "invoices")
RENAMED = f"{SETTLED}previously: billing\n"


def alive(world: World, name: str) -> dict[str, Any]:
    """The facts that must survive: ids and creation times of the repository's objects."""
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


def newcomer(world: World) -> None:
    """Another repository takes the old name, with environments of the same names."""
    seed = {
        "owner": "acme",
        "name": "billing",
        "files": {"README.md": "# x\n"},
        "environments": [{"name": name} for name in ("dev", "test", "prod")],
    }
    world.control("POST", "seed", {"repositories": [seed]})


def test_nothing_is_lost_and_trust_follows(world: World, tmp_path: Path) -> None:
    """No object on GitHub is recreated; a role is recreated only if its name changes."""
    project = new_project(world, tmp_path)
    project.new_stack("s", ONE_ACCOUNT, billing=DECLARED)
    project.pulumi("up", "--yes", "--skip-preview", "--stack", "s", A_TOKEN=VALUE)
    before = alive(world, "billing")
    iam = world.iam("333333333333")
    kept = iam.get_role(RoleName="kept")["Role"]["RoleId"]
    world.control("PATCH", "repositories/acme/billing", {"name": "invoices"})
    (project.folder / "stacks/s/billing.yaml").unlink()
    project.write("stacks/s/invoices.yaml", SETTLED)
    there = alive(world, "invoices")
    for command in (("up", "s", "--yes", "--accept"), ("adopt", "s", "invoices", "--yes")):
        refused = project.slipway(*command, expect=2, A_TOKEN=VALUE)
        assert "add `previously: billing` to its file" in refused.stderr
    assert alive(world, "invoices") == there
    project.write("stacks/s/invoices.yaml", RENAMED)

    log = tmp_path / "sandbox/sandbox.log"
    logged = len(log.read_text())
    # The run replaces all roles but one of the stack's only repository, yet needs no consent: the
    # declaration says so.
    assert "would" not in project.slipway("up", "s", "--yes", A_TOKEN=VALUE).stderr

    requests = log.read_text()[logged:]
    calls = re.findall(r"(?:Create|Delete)Role$", requests, re.MULTILINE)
    assert calls == ["CreateRole", "CreateRole", "DeleteRole", "DeleteRole"]
    assert iam.get_role(RoleName="kept")["Role"]["RoleId"] == kept
    assert "PUT /api/v3/rep" in requests, "the log has requests to GitHub"
    assert "DELETE /api/v3/" not in requests
    assert alive(world, "invoices") == before
    assert world.control("GET", "secrets/acme/invoices/prod") == {"TOKEN": VALUE}
    roles = {role["RoleName"]: role for role in iam.list_roles(PathPrefix="/slipway/")["Roles"]}
    assert roles.keys() == {"kept", "acme.invoices-test", "acme.invoices-prod"}
    prod = roles["acme.invoices-prod"]
    trust = prod["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]["StringEquals"]
    prefix = world.github("GET", "repos/acme/invoices/actions/oidc/customization/sub")
    subject = f"{prefix['sub_claim_prefix']}:environment:prod"
    assert trust["token.actions.githubusercontent.com:sub"] == subject
    assert "@" in subject
    values = world.github("GET", "repos/acme/invoices/environments/prod/variables")["variables"]
    arn = next(value["value"] for value in values if value["name"] == "AWS_ROLE_ARN")
    assert arn == prod["Arn"]
    quiet = ("--refresh", "--expect-no-changes", "--stack", "s")
    project.pulumi("preview", *quiet, A_TOKEN=VALUE)

    newcomer(world)
    # The program detects this; slipway prints only its message, with slipway's exit code.
    refused = project.slipway("up", "s", "--yes", expect=2, A_TOKEN=VALUE)
    assert "previously: acme/billing is another repository" in refused.stderr
    assert refused.stderr.endswith("\n1 problem. Nothing was changed.\n")
    project.write("stacks/s/invoices.yaml", SETTLED)
    project.pulumi("preview", *quiet, A_TOKEN=VALUE)
    # The ids in the state still have the old name: offboarding must not use them.
    (project.folder / "stacks/s/invoices.yaml").unlink()
    project.pulumi("up", "--yes", "--skip-preview", "--stack", "s")
    theirs = world.github("GET", "repos/acme/billing/environments")["environments"]
    assert {environment["name"] for environment in theirs} == {"dev", "test", "prod"}
    assert alive(world, "invoices") == {}

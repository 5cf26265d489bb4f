"""GitHub and AWS have the declared objects of the sample stack after `pulumi up`."""

import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from sandbox.home import PROJECT
from tests.e2e.conftest import SECRETS, Project
from tests.e2e.rights import documented

ACCOUNTS = {"dev": "111111111111", "test": "222222222222", "prod": "333333333333"}
URNS = Path(__file__).parent / "urns.txt"
ISSUER = "token.actions.githubusercontent.com"
#: The note about a token to which GitHub does not show the organisation's plan.
UNKNOWN_PLAN = "_stack.yaml:3: owner: the plan of acme is not known"


def exported(sample: Project) -> list[dict[str, Any]]:
    """The resources of Pulumi's state."""
    state = json.loads(sample.pulumi("stack", "export", "--stack", "sandbox").stdout)
    found: list[dict[str, Any]] = state["deployment"]["resources"]
    return found


def environment(sample: Project, repository: str, name: str) -> dict[str, Any]:
    """The environment with its rules by type."""
    found: dict[str, Any] = sample.world.github(
        "GET", f"repos/acme/{repository}/environments/{name}"
    )
    found["rules"] = {rule["type"]: rule for rule in found["protection_rules"]}
    return found


def patterns(sample: Project, repository: str, name: str) -> set[tuple[str, str]]:
    """The type and the pattern of each deployment branch policy of the environment."""
    path = f"repos/acme/{repository}/environments/{name}/deployment-branch-policies"
    return {(p["type"], p["name"]) for p in sample.world.github("GET", path)["branch_policies"]}


def role(sample: Project, repository: str, name: str) -> dict[str, Any]:
    """The environment's role in its account."""
    iam = sample.world.iam(ACCOUNTS[name])
    found: dict[str, Any] = iam.get_role(RoleName=f"acme.{repository}-{name}")["Role"]
    return found


def trusted(found: dict[str, Any]) -> dict[str, Any]:
    """The one condition of the role's trust policy."""
    document = found["AssumeRolePolicyDocument"]
    document = json.loads(unquote(document)) if isinstance(document, str) else document
    (statement,) = document["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    condition: dict[str, Any] = statement["Condition"]
    return condition


def test_prod_has_its_protection_rules(sample: Project) -> None:
    """Reviewers, wait timer, self review and admin bypass are what the declarations say."""
    payments = environment(sample, "payments", "prod")
    reviewers = payments["rules"]["required_reviewers"]["reviewers"]
    assert {
        (r["type"], r["reviewer"].get("slug") or r["reviewer"]["login"]) for r in reviewers
    } == {
        ("Team", "payments"),
        ("User", "octocat"),
    }
    assert payments["rules"]["wait_timer"]["wait_timer"] == 30
    assert payments["can_admins_bypass"] is False

    legacy = environment(sample, "legacy-reports", "prod")["rules"]["required_reviewers"]
    assert [r["reviewer"]["login"] for r in legacy["reviewers"]] == ["octocat"]
    assert legacy["prevent_self_review"] is True


def test_dev_and_test_have_no_rule_but_branches(sample: Project) -> None:
    """Without a declaration only the branch restricts dev and test."""
    for name in ("dev", "test"):
        found = environment(sample, "billing", name)
        assert set(found["rules"]) == {"branch_policy"}
        assert found["can_admins_bypass"] is True


def test_each_environment_admits_its_branch_only(sample: Project) -> None:
    """Develop deploys to dev, main to test and prod, tags where declared."""
    assert patterns(sample, "billing", "dev") == {("branch", "develop")}
    assert patterns(sample, "billing", "test") == {("branch", "main")}
    assert patterns(sample, "payments", "prod") == {("branch", "main"), ("tag", "v*")}


@pytest.mark.parametrize("name", ACCOUNTS)
@pytest.mark.parametrize("repository", ["billing", "legacy-reports", "payments"])
def test_a_role_trusts_one_job_of_one_repository(
    sample: Project, repository: str, name: str
) -> None:
    """The trust policy is exactly the subject that GitHub says the repository's tokens carry."""
    path = f"repos/acme/{repository}/actions/oidc/customization/sub"
    prefix = sample.world.github("GET", path)["sub_claim_prefix"]
    assert ("@" in prefix) == (repository == "payments")
    assert trusted(role(sample, repository, name)) == {
        "StringEquals": {
            f"{ISSUER}:aud": "sts.amazonaws.com",
            f"{ISSUER}:sub": f"{prefix}:environment:{name}",
        }
    }


def test_permissions_are_what_the_declaration_needs(sample: Project) -> None:
    """The role may use one function and one bucket of its account, without wildcard actions."""
    iam = sample.world.iam(ACCOUNTS["prod"])
    document = iam.get_role_policy(RoleName="acme.payments-prod", PolicyName="deploy")
    statements = document["PolicyDocument"]["Statement"]
    resources = {str(r) for s in statements for r in _list(s["Resource"])}
    assert all("payments" in r or "acme-packages" in r for r in resources)
    assert not {a for s in statements for a in _list(s["Action"]) if a.endswith("*")}
    boundary = role(sample, "payments", "prod")["PermissionsBoundary"]
    assert boundary["PermissionsBoundaryArn"] == "arn:aws:iam::333333333333:policy/deployments"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_variables_name_the_role_and_the_region(sample: Project) -> None:
    """A variable of the environment contains the role's ARN; declared variables exist as well."""
    path = "repos/acme/payments/environments/prod/variables"
    found = {v["name"]: v["value"] for v in sample.world.github("GET", path)["variables"]}
    assert found == {
        "AWS_ROLE_ARN": role(sample, "payments", "prod")["Arn"],
        "AWS_REGION": "eu-west-1",
        "LOG_LEVEL": "warning",
    }


def test_the_samples_own_file_has_its_secrets(project: Project) -> None:
    """The sandbox's passphrase opens the values in the committed file of the sample stack."""
    shutil.copytree(PROJECT / "stacks/sandbox", project.folder / "stacks/sandbox")
    shutil.copy(PROJECT / "stacks/Pulumi.sandbox.yaml", project.folder / "stacks")
    project.pulumi("stack", "select", "--create", "sandbox")
    for name, value in SECRETS.items():
        place = ("--path", f"secrets.payments.prod.{name}", "--stack", "sandbox")
        assert project.pulumi("config", "get", *place).stdout == f"{value}\n"


def test_secrets_arrive_in_clear_where_they_belong(sample: Project) -> None:
    """GitHub can decrypt the secret, and only the declared environment has it."""
    found = sample.world.control("GET", "secrets/acme/payments/prod")
    assert found == {
        "DATABASE_URL": "postgres://payments:sandbox-only@db.internal/payments",
        "STRIPE_API_KEY": "sk_sandbox_0000000000",
    }
    assert sample.world.control("GET", "secrets/acme/payments/dev") == {}


@pytest.mark.parametrize(
    ("branch", "files"),
    [
        ("develop", {"python-dev.yml"}),
        ("main", {"python-dev.yml", "python-test.yml", "python-prd.yml"}),
    ],
)
@pytest.mark.parametrize("repository", ["billing", "legacy-reports", "payments"])
def test_workflow_files_are_on_the_branches_that_need_them(
    sample: Project, repository: str, branch: str, files: set[str]
) -> None:
    """Each file is on the branch from which GitHub reads it: the pushed branch, or main."""
    path = f"repos/acme/{repository}/contents/.github/workflows?ref={branch}"
    found = {entry["name"] for entry in sample.world.github("GET", path)}
    assert found >= files


def test_commits_start_no_run_and_follow_each_other(sample: Project) -> None:
    """Each file is one commit with one parent; the commit message ends with `skip-checks: true`."""
    commits = sample.world.github("GET", "repos/acme/billing/commits?sha=main")
    ours = [c for c in commits if "slipway" in c["commit"]["message"]]
    assert len(ours) == 3
    assert all(c["commit"]["message"].endswith("\n\n\nskip-checks: true") for c in ours)
    assert all(len(c["parents"]) == 1 for c in ours)


def test_the_stack_exports_what_exists(sample: Project) -> None:
    """The outputs are environments, role ARNs and file URLs of each repository, and no secret."""
    outputs = json.loads(sample.pulumi("stack", "output", "--json", "--stack", "sandbox").stdout)
    assert set(outputs) == {"billing", "legacy-reports", "payments"}
    billing = outputs["billing"]
    assert billing["environments"] == {"dev": "dev", "test": "test", "prod": "prod"}
    assert billing["roles"]["prod"] == role(sample, "billing", "prod")["Arn"]
    assert len(billing["files"]) == 4
    assert all("/acme/billing/blob/" in url for url in billing["files"])


def test_a_second_run_does_nothing_and_writes_nothing(sample: Project) -> None:
    """`up` with refresh changes nothing, sends no writing request and has no warning."""
    sample.world.control("POST", "requests/reset")
    up = ("up", "--refresh", "--yes", "--skip-preview", "--expect-no-changes")
    done = sample.pulumi(*up, "--stack", "sandbox")
    requests = sample.world.control("GET", "requests")
    assert requests["total"] > 0
    assert requests["writes"] == 0
    assert "warning" not in done.stdout + done.stderr
    assert UNKNOWN_PLAN not in done.stdout + done.stderr


def test_a_rotated_token_is_no_change(sample: Project) -> None:
    """An app's token changes hourly: another one causes no drift, and the state contains no token.

    GitHub does not show the organisation's plan to this token: a note says so, and nothing changes.
    """
    rotated = {"token": "rotated", "login": "monalisa", "scopes": ["repo", "workflow", "read:org"]}
    sample.world.control("POST", "seed", {"tokens": [rotated]})
    preview = ("preview", "--expect-no-changes", "--stack", "sandbox")
    done = sample.pulumi(*preview, GITHUB_TOKEN="rotated")
    assert UNKNOWN_PLAN in done.stdout + done.stderr
    (provider,) = (r for r in exported(sample) if r["type"] == "pulumi:providers:github")
    assert set(provider["inputs"]) == {"baseUrl", "owner", "parallelRequests", "writeDelayMs"}


def test_the_state_names_no_place_outside_of_the_project(sample: Project) -> None:
    """The state contains no path of Python or of the user's home.

    The SDK itself registers the stack, before slipway's program starts.
    """
    resources = [one for one in exported(sample) if one["type"] != "pulumi:pulumi:Stack"]
    assert len(resources) > 50
    for resource in resources:
        assert not {"stackTrace", "sourcePosition"} & resource.keys(), resource["urn"]
        assert "project:///" not in json.dumps(resource), resource["urn"]


def test_protection_comes_first(sample: Project) -> None:
    """Branches, files, variables and roles of a repository wait for the rules of all environments.

    The engine creates and deletes in the order of these dependencies only. A branch that existed
    before is imported, which writes nothing, so it waits for nothing.
    """
    resources = {one["urn"]: one for one in exported(sample)}

    def owner(urn: str) -> str:
        while "::slipway:index:OnboardedRepository::" not in urn:
            urn = resources[urn]["parent"]
        return urn

    def needed(urn: str) -> set[str]:
        found = set(resources[urn].get("dependencies", ()))
        return found.union(*map(needed, found))

    ours = [urn for urn, one in resources.items() if one["custom"] and "OnboardedRepo" in urn]
    rules = {urn for urn in ours if "epositoryEnvironment" in resources[urn]["type"]}
    later = set(ours) - rules
    assert {resources[urn]["type"].rpartition(":")[2] for urn in later} == {
        *("Branch", "RepositoryFile", "ActionsEnvironmentVariable", "ActionsEnvironmentSecret"),
        *("Role", "RolePolicy", "RolePoliciesExclusive", "RolePolicyAttachmentsExclusive"),
    }
    imported = {urn for urn in later if "importID" in resources[urn]}
    assert {resources[urn]["type"].rpartition(":")[2] for urn in imported} == {"Branch"}
    for urn in later - imported:
        assert {rule for rule in rules if owner(rule) == owner(urn)} <= needed(urn), urn


def test_urns_are_stable(sample: Project) -> None:
    """A changed URN would delete a live object: a renamed resource needs an alias."""
    urns = sorted(resource["urn"] for resource in exported(sample))
    assert urns == URNS.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("file", ["README.md", "docs/continuous.md"])
def test_the_documented_rights_are_those_that_are_needed(sample: Project, file: str) -> None:
    """Every documented right is needed, and no other; write includes read, all include metadata."""
    needed: dict[str, str] = {}
    for permission in sample.permissions:  # sorted, so that `write` comes after `read`
        name, _, level = permission.partition("=")
        needed[name] = level
    assert needed.pop("metadata") == "read"
    assert documented(file) == needed

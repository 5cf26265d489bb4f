"""The program runs unchanged for another organisation with its own stack.

The organisation has the plan Team, with which a private repository can have no rules but deployment
patterns: the minimal declaration asks only for rules that this plan has.
"""

from sandbox.aws.seed import seed_account
from tests.e2e.conftest import Project

SETTINGS = """\
owner: initech
accounts:
  dev: {account_id: "444444444444", region: us-east-1,
        assume_role: "arn:aws:iam::444444444444:role/slipway"}
  test: {account_id: "444444444444", region: us-east-1,
         assume_role: "arn:aws:iam::444444444444:role/slipway"}
  prod: {account_id: "444444444444", region: us-east-1,
         assume_role: "arn:aws:iam::444444444444:role/slipway"}
"""


def test_one_account_another_owner_and_a_default_branch_of_their_own(project: Project) -> None:
    """No value of the sample is built in: the stack sets owner, account, branches and plan."""
    seed_account(project.world.record.aws_url, "444444444444")
    project.world.control(
        "POST",
        "seed",
        {
            "organizations": [{"login": "initech", "plan": "team", "admins": ["monalisa"]}],
            "repositories": [
                {
                    "owner": "initech",
                    "name": "tps.reports",
                    "private": True,
                    "default_branch": "trunk",
                    "files": {"README.md": "# TPS\n"},
                }
            ],
        },
    )
    branches = "branches: {dev: trunk, test: trunk, prod: trunk}\n"
    project.new_stack("theirs", SETTINGS, tps=f"repository: tps.reports\n{branches}")
    project.up("theirs")
    place = "repos/initech/tps.reports"
    found = project.world.github("GET", f"{place}/contents/.github/workflows?ref=trunk")
    assert {f["name"] for f in found} == {"python-dev.yml", "python-test.yml", "python-prd.yml"}
    assert [b["name"] for b in project.world.github("GET", f"{place}/branches")] == ["trunk"]
    roles = project.world.iam("444444444444").list_roles(PathPrefix="/slipway/")["Roles"]
    assert {role["RoleName"] for role in roles} == {
        f"initech.tps.reports-{name}" for name in ("dev", "test", "prod")
    }
    prod = project.world.github("GET", f"{place}/environments/prod")
    rules = {rule["type"] for rule in prod["protection_rules"]}
    assert (rules, prod["can_admins_bypass"]) == ({"branch_policy"}, True)
    project.pulumi("preview", "--refresh", "--expect-no-changes", "--stack", "theirs")
    project.slipway("drift", "theirs", "--no-preview")

from dataclasses import replace
from typing import Any

import pytest

from components.documents.role import role_trust
from components.documents.workflows import render_workflows
from components.model.pipeline import Pipeline
from operations.adoption.change import Act
from operations.adoption.changes import changes
from operations.adoption.left_in_place import left_in_place
from operations.diff.finding import Direction
from operations.diff.workflows.compare import blob_id
from operations.live.observed import ObservedRepository, ObservedRole, ObservedWorkflow
from tests.operations.adoption import grown

BARE: dict[str, Any] = {"repository": "ledger"}
CUSTOM = {"branch_policy": "custom", "branches": {"main": 1}, "admin_bypass": False}


def listed(
    live: ObservedRepository, declaration: dict[str, Any] | None = None, **roles: ObservedRole
) -> dict[tuple[str, str], tuple[Act, Direction]]:
    """Act and direction of each change by object and field."""
    repository = grown.resolved(declaration or BARE)
    found = changes(grown.stack(repository), grown.observed(live, **roles))
    return {(str(change.object), change.field): (change.act, change.direction) for change in found}


def test_a_missing_environment_is_added_with_its_parts() -> None:
    """The list has every object that `up` makes, each in its own words."""
    declaration = BARE | {"environments": {"dev": {"secrets": {"A": {"env": "A"}}}}}
    found = listed(grown.LEDGER, declaration)
    made = {key for key, (act, _) in found.items() if act is Act.CREATE and "dev" in key[0]}
    assert made == {
        ("environment dev", ""),
        ("environment dev, branch policy develop", ""),
        ("environment dev, variable AWS_ROLE_ARN", ""),
        ("environment dev, variable AWS_REGION", ""),
        ("environment dev, secret A", ""),
        ("python-dev.yml on main", ""),
        ("python-dev.yml on develop", ""),
        ("role acme.ledger-dev", ""),
    }


def test_any_branch_becomes_patterns() -> None:
    """Stricter than today: the policy changes and its patterns are made."""
    found = listed(grown.LEDGER)
    assert found["environment prod", "deployment_branches"] == (Act.UPDATE, Direction.STRONGER)
    assert found["environment prod, branch policy main", ""] == (Act.CREATE, Direction.STRONGER)


def test_protected_branches_may_be_others_than_the_patterns() -> None:
    """Nobody knows which they are: the pattern may admit one that is not protected."""
    found = listed(grown.with_prod(branch_policy="protected"))
    assert found["environment prod", "deployment_branches"] == (Act.UPDATE, Direction.WEAKER)
    assert found["environment prod, branch policy main", ""] == (Act.CREATE, Direction.WEAKER)


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], str, Direction]] = {
    "fewer rules": ({"wait_minutes": 9}, {}, "wait_minutes", Direction.WEAKER),
    "more rules": ({"admin_bypass": True}, {}, "admin_bypass", Direction.STRONGER),
    "other region": (
        {"variables": {"AWS_REGION": "us-east-1"}},
        {},
        "value",
        Direction.NEUTRAL,
    ),
}


@pytest.mark.parametrize(("live", "declared", "field", "direction"), CASES.values(), ids=CASES)
def test_a_direction_is_the_changes(
    live: dict[str, Any], declared: dict[str, Any], field: str, direction: Direction
) -> None:
    """What is live now and stricter than the declaration becomes weaker."""
    declaration = BARE | {"environments": {"prod": {"reviewers": {"teams": ["platform"]}}}}
    found = listed(grown.with_prod(**(CUSTOM | live)), declaration | declared)
    updates = {key: values for key, values in found.items() if values[0] is Act.UPDATE}
    ((_, one), values), *more = updates.items()
    assert (one, values, more) == (field, (Act.UPDATE, direction), [])


def test_what_goes_is_nothing_afterwards() -> None:
    """A declaration without reviewers takes them away."""
    repository = grown.resolved(BARE)
    found = changes(grown.stack(repository), grown.observed(grown.LEDGER))
    (values,) = [(one.before, one.after) for one in found if one.field == "reviewers"]
    assert values == ("team platform", "")


def test_a_pattern_that_is_added_lets_more_happen() -> None:
    """It is an addition, and a weaker one."""
    live = grown.with_prod(branch_policy="custom", branches={"release/*": 1})
    declaration = BARE | {"environments": {"prod": {"deployment_branches": ["release/*", "main"]}}}
    found = listed(live, declaration)
    assert found["environment prod, branch policy main", ""] == (Act.CREATE, Direction.WEAKER)


def test_a_missing_branch_comes_with_its_files() -> None:
    """The branch is made, and python-dev.yml on it; what is on main is main's matter."""
    there = {"python-dev.yml": grown.workflow("name: ours\n")}
    found = listed(replace(grown.LEDGER, workflows={"main": there}))
    assert ("python-dev.yml on main", "") not in found
    assert found["branch develop", ""] == (Act.CREATE, Direction.NEUTRAL)
    assert found["python-dev.yml on develop", ""] == (Act.CREATE, Direction.NEUTRAL)


def test_what_an_import_cannot_know_is_written_again() -> None:
    """A rule without reviewers, a secret's value, a file's commit, a trust in other words."""
    declaration = BARE | {"environments": {"prod": {"secrets": {"A": {"env": "A"}}}}}
    repository = grown.resolved(declaration)
    text = render_workflows("ledger", Pipeline.of(repository))["python-test.yml"]
    same = {"python-test.yml": ObservedWorkflow(blob_id(text), text)}
    live = replace(
        grown.with_prod(teams=frozenset(), secrets={"A": grown.WHEN}),
        workflows={"main": same, "develop": {}},
    )
    trust = role_trust(grown.SETTINGS, "prod", "repo:acme/ledger")
    trust["Statement"][0]["Action"] = [trust["Statement"][0]["Action"]]
    role = grown.role("acme.ledger-prod", "prod", path="/slipway/", trust=trust)
    found = listed(live, declaration, prod=role)
    assert {key for key, (act, _) in found.items() if act is Act.REWRITE} == {
        ("environment prod", "prevent_self_review"),
        ("environment prod, secret A", "value"),
        ("python-test.yml on main", "commit"),
        ("role acme.ledger-prod", "trust"),
    }


def test_a_role_changes_where_the_declaration_has_no_words() -> None:
    """Whom it trusts, what it says of itself, its tags; what it may do stays as proposed."""
    made = grown.role("r", "prod", "repo:acme/ledger:*", description="ours", tags={"team": "x"})
    role = {"name": "r", "path": "/"}
    declaration = BARE | {"environments": {"prod": {"role": role}}}
    found = listed(grown.LEDGER, declaration, prod=made)
    assert {key: value for key, value in found.items() if key[0] == "role r"} == {
        ("role r", "description"): (Act.UPDATE, Direction.NEUTRAL),
        ("role r", "tags"): (Act.UPDATE, Direction.NEUTRAL),
        ("role r", "trust"): (Act.UPDATE, Direction.STRONGER),
    }


def test_what_stays_is_named_and_no_change() -> None:
    """Workflows, environments, secrets, policies of roles, and roles that were not taken."""
    deploy = grown.workflow("on: push\njobs: {a: {environment: prod}}\n")
    step = "steps: [{with: {role-to-assume: x}}]"
    upload = grown.workflow(f"on: push\njobs: {{a: {{environment: staging, {step}}}}}\n")
    live = replace(
        grown.with_prod(secrets={"A": grown.WHEN}, variables={"V": "x"}),
        other_environments=("staging",),
        workflows={"main": {"deploy.yml": deploy, "up.yml": upload}, "develop": {}},
    )
    role = grown.role("acme.ledger-prod", "prod", inline_policies={"own": {"Statement": []}})
    repository = grown.resolved(BARE | {"unmanaged": {"environments": ["staging"]}})
    other = grown.role("main", "prod", "repo:acme/ledger:ref:refs/heads/main")
    world = grown.observed(live, prod=role, prod_main=other)
    stays = left_in_place(grown.stack(repository), world, {("ledger", "dev"): {"r": "is shared"}})
    assert {str(one.object) for one in stays} == {
        "deploy.yml on main",
        "up.yml on main",
        "environment staging",
        "environment prod, secret A",
        "environment prod, variable V",
        "role r",
        f"role main of account {grown.NUMBERS['prod']}",
    }
    changed = {str(change.object) for change in changes(grown.stack(repository), world)}
    assert changed.isdisjoint({str(one.object) for one in stays})


def test_a_policy_that_is_not_declared_goes() -> None:
    """A role is slipway's alone from the first `up` on; where others manage policies it is not."""
    policies = {"own": {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}}
    role = grown.role("acme.ledger-prod", "prod", inline_policies=policies)
    world = grown.observed(grown.LEDGER, prod=role)
    object_ = "role acme.ledger-prod, inline policy own"
    stack = grown.stack(grown.resolved(BARE))
    (gone,) = (one for one in changes(stack, world) if str(one.object) == object_)
    assert (gone.act, gone.after, gone.direction) == (Act.UPDATE, "", Direction.STRONGER)
    others = grown.stack(grown.resolved(BARE | {"unmanaged": {"role_policies": ["o*"]}}))
    assert object_ not in {str(one.object) for one in changes(others, world)}


def test_a_second_way_to_prod_is_named() -> None:
    """The prod workflow follows runs of a name: whoever looks after the file must change it."""
    text = "name: python-test\non: push\njobs: {a: {environment: prod}}\n"
    files = {"x.yml": grown.workflow(text)}
    live = replace(grown.LEDGER, workflows={"main": files, "develop": {}})
    repository = grown.resolved(BARE | {"unmanaged": {"workflows": ["x.yml"]}})
    stays = left_in_place(grown.stack(repository), grown.observed(live), {})
    assert "is named python-test, whose runs lead to prod: give it another name first" in {
        one.why for one in stays if str(one.object) == "x.yml on main"
    }

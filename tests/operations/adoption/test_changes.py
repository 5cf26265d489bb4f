from dataclasses import replace
from typing import Any

import pytest

from components.documents.delivery import blob_id
from components.documents.role_trust import role_trust
from components.documents.workflows import render_workflows
from components.model.pipeline import Pipeline
from operations.adoption.change import Act
from operations.adoption.changes import changes
from operations.adoption.left_in_place import left_in_place
from operations.diff.finding import Direction
from operations.live.observed import ObservedRepository, ObservedRole, ObservedWorkflow
from tests.operations.adoption import grown

BARE: dict[str, Any] = {"repository": "ledger"}
CUSTOM = {"branch_policy": "custom", "branches": {"main": 1}, "admin_bypass": False}


def listed(
    live: ObservedRepository, declaration: dict[str, Any] | None = None, **roles: ObservedRole
) -> dict[tuple[str, str], tuple[Act, Direction]]:
    """Return act and direction of each change by object and field."""
    repository = grown.resolved(declaration or BARE)
    found = changes(grown.stack(repository), grown.observed(live, **roles))
    return {(str(change.object), change.field): (change.act, change.direction) for change in found}


def test_a_missing_environment_is_added_with_its_parts() -> None:
    """For a missing environment the list has every object that `up` creates."""
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


def test_patterns_instead_of_any_branch_are_stronger() -> None:
    """Patterns instead of any branch are stricter: the policy changes, the patterns are new."""
    found = listed(grown.LEDGER)
    assert found["environment prod", "deployment_branches"] == (Act.UPDATE, Direction.STRONGER)
    assert found["environment prod, branch policy main", ""] == (Act.CREATE, Direction.STRONGER)


def test_patterns_instead_of_protected_branches_are_weaker() -> None:
    """Patterns instead of protected branches count as weaker: they may admit an unprotected one."""
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
def test_a_direction_is_that_of_the_change(
    live: dict[str, Any], declared: dict[str, Any], field: str, direction: Direction
) -> None:
    """The direction compares live with declared: a stricter live value becomes weaker."""
    declaration = BARE | {"environments": {"prod": {"reviewers": {"teams": ["platform"]}}}}
    found = listed(grown.with_prod(**(CUSTOM | live)), declaration | declared)
    updates = {key: values for key, values in found.items() if values[0] is Act.UPDATE}
    ((_, one), values), *more = updates.items()
    assert (one, values, more) == (field, (Act.UPDATE, direction), [])


def test_a_removed_value_is_shown_as_empty() -> None:
    """A change that removes a value shows an empty value afterwards."""
    repository = grown.resolved(BARE)
    found = changes(grown.stack(repository), grown.observed(grown.LEDGER))
    (values,) = [(one.before, one.after) for one in found if one.field == "reviewers"]
    assert values == ("team platform", "")


def test_an_added_pattern_is_weaker() -> None:
    """An added branch pattern is listed as created and weaker: more branches may deploy."""
    live = grown.with_prod(branch_policy="custom", branches={"release/*": 1})
    declaration = BARE | {"environments": {"prod": {"deployment_branches": ["release/*", "main"]}}}
    found = listed(live, declaration)
    assert found["environment prod, branch policy main", ""] == (Act.CREATE, Direction.WEAKER)


def test_a_missing_branch_comes_with_its_files() -> None:
    """A missing branch is listed as created together with its workflow files."""
    there = {"python-dev.yml": grown.workflow("name: ours\n")}
    found = listed(replace(grown.LEDGER, workflows={"main": there}))
    assert ("python-dev.yml on main", "") not in found
    assert found["branch develop", ""] == (Act.CREATE, Direction.NEUTRAL)
    assert found["python-dev.yml on develop", ""] == (Act.CREATE, Direction.NEUTRAL)


def test_values_that_an_import_cannot_read_are_listed_as_rewritten() -> None:
    """Values that an import cannot read are listed as rewritten, not as changed."""
    declaration = BARE | {"environments": {"prod": {"secrets": {"A": {"env": "A"}}}}}
    repository = grown.resolved(declaration)
    text = render_workflows("ledger", Pipeline.of(repository, None))["python-test.yml"]
    same = {"python-test.yml": ObservedWorkflow(blob_id(text), text)}
    live = replace(
        grown.with_prod(teams=frozenset(), secrets={"A": grown.WHEN}),
        workflows={"main": same, "develop": {}},
    )
    trust = role_trust(grown.SETTINGS, repository, "prod", live)
    trust["Statement"][0]["Action"] = [trust["Statement"][0]["Action"]]
    role = grown.role("acme.ledger-prod", "prod", path="/slipway/", trust=trust)
    found = listed(live, declaration, prod=role)
    assert {key for key, (act, _) in found.items() if act is Act.REWRITE} == {
        ("environment prod", "prevent_self_review"),
        ("environment prod, secret A", "value"),
        ("python-test.yml on main", "commit"),
        ("role acme.ledger-prod", "trust"),
    }


def test_a_taken_role_changes_in_what_a_declaration_cannot_state() -> None:
    """Trust, description and tags of a taken role change: a declaration cannot state them."""
    made = grown.role("r", "prod", "repo:acme/ledger:*", description="ours", tags={"team": "x"})
    role = {"name": "r", "path": "/"}
    declaration = BARE | {"environments": {"prod": {"role": role}}}
    found = listed(grown.LEDGER, declaration, prod=made)
    assert {key: value for key, value in found.items() if key[0] == "role r"} == {
        ("role r", "description"): (Act.UPDATE, Direction.NEUTRAL),
        ("role r", "tags"): (Act.UPDATE, Direction.NEUTRAL),
        ("role r", "trust"): (Act.UPDATE, Direction.STRONGER),
    }


def test_objects_left_in_place_are_named_and_are_no_change() -> None:
    """Objects that slipway leaves in place are named with the reason, and are no change."""
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


def test_an_undeclared_policy_is_removed() -> None:
    """An undeclared policy of a taken role is removed, unless it is declared unmanaged."""
    policies = {"own": {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}}
    role = grown.role("acme.ledger-prod", "prod", inline_policies=policies)
    world = grown.observed(grown.LEDGER, prod=role)
    object_ = "role acme.ledger-prod, inline policy own"
    stack = grown.stack(grown.resolved(BARE))
    (gone,) = (one for one in changes(stack, world) if str(one.object) == object_)
    assert (gone.act, gone.after, gone.direction) == (Act.UPDATE, "", Direction.STRONGER)
    others = grown.stack(grown.resolved(BARE | {"unmanaged": {"role_policies": ["o*"]}}))
    assert object_ not in {str(one.object) for one in changes(others, world)}


def test_a_foreign_workflow_that_prod_would_follow_is_named() -> None:
    """A foreign workflow with the name that prod follows is reported with what to do."""
    text = "name: python-test\non: push\njobs: {a: {environment: prod}}\n"
    files = {"x.yml": grown.workflow(text)}
    live = replace(grown.LEDGER, workflows={"main": files, "develop": {}})
    repository = grown.resolved(BARE | {"unmanaged": {"workflows": ["x.yml"]}})
    stays = left_in_place(grown.stack(repository), grown.observed(live), {})
    assert "is named python-test, whose runs lead to prod: give it another name first" in {
        one.why for one in stays if str(one.object) == "x.yml on main"
    }


def test_a_live_value_with_brackets_is_listed_whole() -> None:
    """The list shows a variable's live value unchanged, also with a bracket after a space."""
    declaration = BARE | {"environments": {"prod": {"variables": {"MODE": "fast"}}}}
    repository = grown.resolved(declaration)
    live = grown.with_prod(variables={"MODE": "slow (until May)"})
    found = changes(grown.stack(repository), grown.observed(live))
    (before,) = [
        one.before for one in found if str(one.object) == "environment prod, variable MODE"
    ]
    assert before == "slow (until May)"

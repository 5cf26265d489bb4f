from dataclasses import replace
from typing import Any

import pytest

from components.model.branches import as_found
from components.model.unmanaged import is_one_of
from operations.adoption.proposal.repository import propose
from operations.diff.compare import compare
from operations.live.observed import ObservedRepository, ObservedRole
from tests.operations.adoption import grown

STRICT = {
    "environments": {
        "prod": {
            "reviewers": {"teams": ["security"], "users": ["octocat"]},
            "wait_minutes": 10,
            "prevent_self_review": True,
            "deployment_tags": ["v*"],
            "variables": {"log_level": "info", "ADDED": "x"},
            "secrets": ["TOKEN", "ADDED_TOKEN"],
        }
    }
}
GIVEN: dict[str, Any] = {"variables": {"LOG_LEVEL": "debug"}, "secrets": {"TOKEN": grown.WHEN}}
CUSTOM: dict[str, Any] = {"branch_policy": "custom", "branches": {"main": 1}}
WIDE = {"branch_policy": "custom", "branches": {"main": 1, "release/*": 2}, "tags": {"v*": 3}}
REVIEWED = {"users": frozenset({"hubot"}), "teams": frozenset(), "prevent_self_review": True}

#: Live settings of prod, and the proposal for them without any default of the stack.
CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "team": ({}, {"reviewers": {"teams": ["platform"]}}),
    "user": (REVIEWED, {"reviewers": {"users": ["hubot"]}, "prevent_self_review": True}),
    "nobody": ({"teams": frozenset()}, {}),
    "no bypass": ({"admin_bypass": False}, {"admin_bypass": None}),
    "Apps": (
        {"custom_rules": frozenset({"change-gate"})},
        {"deployment_protection_rules": ["change-gate"]},
    ),
    "patterns": (WIDE, {"deployment_branches": ["main", "release/*"], "deployment_tags": ["v*"]}),
    "the standard's patterns": (CUSTOM, {}),
    "values": (GIVEN, {"variables": {"LOG_LEVEL": "debug"}, "secrets": {"TOKEN": "external"}}),
}


def proposal(
    live: ObservedRepository,
    defaults: dict[str, Any] | None = None,
    roles: dict[Any, ObservedRole] | None = None,
) -> dict[str, Any]:
    """Return the proposal for a stack with these defaults."""
    bare = as_found(grown.resolved({"repository": "ledger"}, defaults), live)
    listed = ["prod"] if defaults else []
    return propose(grown.SETTINGS, bare, live, roles or {}, listed)  # type: ignore[arg-type]  # a name


@pytest.mark.parametrize(("changes", "expected"), CASES.values(), ids=CASES)
def test_only_deviations_are_proposed(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    """A proposal leaves out settings that equal the standard, and states all others."""
    declaration = proposal(grown.with_prod(**changes))
    prod = {"reviewers": {"teams": ["platform"]}, "admin_bypass": True} | expected
    if changes.get("teams") == frozenset() and "users" not in changes:
        del prod["reviewers"]
    if prod["admin_bypass"] is None:
        del prod["admin_bypass"]
    assert declaration == {
        "repository": "ledger",
        "environments": {"prod": prod},
        "offboarding": {"environments": "keep"},
    }


@pytest.mark.parametrize("defaults", [None, STRICT], ids=["standard", "strict stack"])
@pytest.mark.parametrize(("changes", "_expected"), CASES.values(), ids=CASES)
def test_a_proposal_changes_no_rule(
    changes: dict[str, Any], _expected: object, defaults: dict[str, Any] | None
) -> None:
    """A proposal keeps the live rules under any defaults; it only adds and restricts."""
    live = grown.with_prod(**changes)
    repository = grown.resolved(proposal(live, defaults), defaults)
    found = compare(grown.stack(repository), grown.observed(live))
    rules = {
        finding.rule for finding in found if str(finding.object).startswith("environment prod")
    }
    assert rules <= {"environment/branch_policy", "secret/missing", "variable/missing"}
    assert ("environment/branch_policy" in rules) == (changes.get("branch_policy") != "custom")


def test_a_list_of_secrets_repeats_the_secrets_of_the_default() -> None:
    """Secrets of a declaration replace the default's list, so the proposal repeats that list."""
    prod = proposal(grown.with_prod(**GIVEN), STRICT)["environments"]["prod"]
    assert prod["secrets"] == {"TOKEN": "external", "ADDED_TOKEN": "config"}


def test_a_proposal_lists_as_unmanaged_what_it_cannot_declare() -> None:
    """A proposal lists undeclarable names, other environments and workflows as unmanaged."""
    prod = replace(
        grown.PROD,
        secrets={"AWS_ACCESS_KEY_ID": grown.WHEN, "BOTH": grown.WHEN},
        variables={"BOTH": "x", "RUNNER_SIZE": "big"},
    )
    deploy = grown.workflow("on: push\njobs: {a: {environment: prod}}\n")
    other = grown.workflow("on: push\njobs: {a: {steps: []}}\n")
    live = replace(
        grown.LEDGER,
        environments={"prod": prod},
        other_environments=("staging", *(f"review-{n}" for n in range(9))),
        workflows={"main": {"deploy.yml": deploy, "lint.yml": other}, "develop": {}},
    )
    declaration = proposal(live)
    assert declaration["unmanaged"] == {
        "environments": ["review*", "staging"],
        "workflows": ["deploy.yml"],
        "variables": ["BOTH", "RUNNER_SIZE"],
        "secrets": ["AWS_ACCESS_KEY_ID"],
    }
    assert declaration["environments"]["prod"]["secrets"] == {"BOTH": "external"}
    assert "variables" not in declaration["environments"]["prod"]
    found = compare(grown.stack(grown.resolved(declaration)), grown.observed(live))
    assert not {"variable/extra", "secret/extra", "repository/extra_environment"} & {
        finding.rule for finding in found
    }


def test_a_name_with_a_wildcard_is_escaped() -> None:
    """The proposal escapes `*` in names: `*.yml` or `s*` makes no other object unmanaged."""
    deploy = grown.workflow("on: push\njobs: {a: {environment: prod}}\n")
    live = replace(grown.LEDGER, other_environments=("s*",), workflows={"main": {"*.yml": deploy}})
    unmanaged = grown.resolved(proposal(live)).unmanaged
    assert is_one_of("*.yml", unmanaged.workflows)
    assert not is_one_of("deploy.yml", unmanaged.workflows)
    assert is_one_of("s*", unmanaged.environments)
    assert not is_one_of("staging", unmanaged.environments)


def test_a_default_branch_of_another_name_is_the_trigger() -> None:
    """Without a branch main, the default branch is followed, so the proposal need not name it.

    A pattern of the default branch alone is then the standard's.
    """
    live = replace(grown.LEDGER, default_branch="trunk", workflows={"trunk": {}})
    assert "branches" not in proposal(live)
    assert as_found(grown.resolved(proposal(live)), live).deployment_branches("prod") == ("trunk",)
    kept = replace(grown.PROD, branch_policy="custom", branches={"trunk": 1})
    prod = proposal(replace(live, environments={"prod": kept}))["environments"]["prod"]
    assert "deployment_branches" not in prod


def test_prod_is_not_opened_to_the_default_branch() -> None:
    """The proposal does not admit a default branch to prod that prod does not admit today."""
    live = replace(grown.LEDGER, default_branch="develop")
    assert "deployment_branches" not in proposal(live)["environments"]["prod"]
    both = {"branch_policy": "custom", "branches": {"main": 1, "develop": 2}}
    open_ = replace(grown.with_prod(**both), default_branch="develop")
    prod = proposal(open_)["environments"]["prod"]
    assert set(prod["deployment_branches"]) == {"main", "develop"}


def test_the_trigger_branch_is_added_to_live_patterns() -> None:
    """The proposal adds the trigger branch to live patterns, or GitHub would refuse to deploy."""
    live = grown.with_prod(branch_policy="custom", branches={"release/*": 1})
    prod = proposal(live)["environments"]["prod"]
    assert prod["deployment_branches"] == ["release/*", "main"]


def test_a_pattern_that_cannot_be_declared_is_unmanaged() -> None:
    """A pattern that no declaration can have is unmanaged, or the first `up` would delete it."""
    live = grown.with_prod(branch_policy="custom", branches={"refs/pull/*/merge": 1, "main": 2})
    declaration = proposal(live)
    assert "deployment_branches" not in declaration["environments"]["prod"]
    assert declaration["unmanaged"] == {"deployment_patterns": ["refs/pull/[*]/merge"]}
    found = compare(grown.stack(grown.resolved(declaration)), grown.observed(live))
    assert not [finding for finding in found if "branch policy" in str(finding.object)]


def test_a_role_is_proposed_with_all_its_properties() -> None:
    """The proposal states the role's name, path, boundary, policies and session length."""
    boundary = "arn:aws:iam::333333333333:policy/b"
    policy = {"Version": "2012-10-17", "Statement": []}
    made = grown.role(
        "ledger-prod",
        "prod",
        "repo:acme/ledger:*",
        path="/ci/",
        permissions_boundary=boundary,
        inline_policies={"read": policy, "deploy": policy},
        managed_policies=frozenset({"arn:aws:iam::aws:policy/ReadOnlyAccess"}),
        max_session_seconds=7200,
    )
    assert proposal(grown.LEDGER, roles={"prod": made})["environments"]["prod"]["role"] == {
        "name": "ledger-prod",
        "path": "/ci/",
        "permissions_boundary": boundary,
        "managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        "inline_policies": {"read": policy},
        "max_session_seconds": 7200,
    }

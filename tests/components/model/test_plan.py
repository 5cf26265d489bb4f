from typing import Any

import pytest

from components.model.plan import Offered, Plan, as_offered, asked_rules, known_plan
from components.model.repository import Repository

RULES = (
    *("reviewers", "wait_minutes", "prevent_self_review", "admin_bypass"),
    "deployment_protection_rules",
)


def declared(**prod: Any) -> Repository:
    """A repository with this of prod."""
    return Repository.model_validate({"repository": "a", "environments": {"prod": prod}})


@pytest.mark.parametrize(
    ("plan", "public", "environments", "rules"),
    [
        ("free", True, True, True),
        ("team", True, True, True),
        ("free", False, False, False),
        ("pro", False, True, False),
        ("team", False, True, False),
        ("enterprise", False, True, True),
        (None, False, True, True),
    ],
)
def test_a_plan_counts_for_repositories_that_are_not_public(
    plan: Plan | None, *, public: bool, environments: bool, rules: bool
) -> None:
    """Public repositories have every rule; an unknown plan removes none."""
    offered = Offered(plan=plan, public=public)
    assert (offered.environments, offered.rules) == (environments, rules)


@pytest.mark.parametrize("told", ["business_plus", "", None, 3])
def test_a_name_that_is_not_documented_is_no_plan(told: object) -> None:
    """A plan's name that GitHub does not document is None: slipway does not guess its meaning."""
    assert known_plan(told) is None
    assert known_plan("team") == "team"


def test_defaults_are_what_the_plan_can_have() -> None:
    """Only prod's `admin_bypass` follows the plan; a plan with every rule changes nothing."""
    bare = declared()
    team = as_offered(bare, Offered(plan="team", public=False))
    assert team.environment("prod").admin_bypass
    assert as_offered(bare, Offered(plan="team", public=True)) is bare
    assert as_offered(bare, Offered(plan="enterprise", public=False)) is bare
    assert not bare.environment("prod").admin_bypass


@pytest.mark.parametrize(
    ("prod", "asked"),
    [
        ({}, []),
        ({"admin_bypass": False}, [("admin_bypass",)]),
        ({"admin_bypass": None}, [("admin_bypass",)]),
        ({"wait_minutes": 1}, [("wait_minutes",)]),
        ({"prevent_self_review": True}, [("prevent_self_review",)]),
        ({"deployment_protection_rules": ["x"]}, [("deployment_protection_rules",)]),
        ({"reviewers": {"users": ["x"]}}, [("reviewers", "users")]),
        (
            {"reviewers": {"users": ["x"], "teams": ["y"]}},
            [("reviewers", "users"), ("reviewers", "teams")],
        ),
        (
            {
                "reviewers": None,
                "wait_minutes": 0,
                "prevent_self_review": False,
                "admin_bypass": True,
            },
            [],
        ),
    ],
)
def test_what_is_asked_for_is_told_from_a_default(prod: dict[str, Any], asked: list[Any]) -> None:
    """Only a declared value that restricts something counts as a rule; declared values stay."""
    repository = declared(**prod)
    assert list(asked_rules(repository.environment("prod"))) == asked
    kept = as_offered(repository, Offered(plan="team", public=False)).environment("prod")
    for rule in set(RULES) & prod.keys():
        assert getattr(kept, rule) == getattr(repository.environment("prod"), rule)
    assert list(asked_rules(repository.environment("dev"))) == []

"""The baseline: prod is never weaker than test."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.model.baseline import COMPARISONS, weaker_settings
from components.model.environment import ProdEnvironment
from components.model.repository import Repository
from tests.stacks import FEWER

ALONE = {"keep_subject_statement": False}
PINNED = {"claims": "pinned", "subject": "immutable", **ALONE}
#: What GitHub and AWS check before a deployment; `branches` of both environments admit main.
RULES = st.fixed_dictionaries(
    {},
    optional={
        "reviewers": st.sampled_from([{"users": ["octocat"]}, {"teams": ["a", "b"]}, None]),
        "prevent_self_review": st.booleans(),
        "wait_minutes": st.sampled_from([0, 5, 30]),
        "admin_bypass": st.booleans(),
        "deployment_branches": st.sampled_from(
            [["main"], ["main", "release/*"], ["main", "release/v*"], ["**/*"], None]
        ),
        "deployment_tags": st.sampled_from([[], ["v*"], ["v1"], ["*"]]),
        "deployment_protection_rules": st.sampled_from([[], ["gate"], ["gate", "other"]]),
        "trust": st.builds(
            lambda claims, subject: claims | {"subject": subject},
            st.sampled_from([{}, {"claims": "pinned"}, {"claims": "pinned", **ALONE}]),
            st.sampled_from(["auto", "classic", "immutable", "both"]),
        ),
    },
)
#: The strictest setting of each key, and a weaker one for prod.
STRICT: dict[str, Any] = {
    "reviewers": {"users": ["octocat"]},
    "prevent_self_review": True,
    "wait_minutes": 30,
    "admin_bypass": False,
    "deployment_branches": ["main"],
    "deployment_tags": [],
    "deployment_protection_rules": ["gate"],
    "trust": PINNED,
}
WEAKER: list[tuple[str, Any, str]] = [
    ("reviewers", None, "prod has no reviewers, and test has octocat"),
    ("prevent_self_review", False, "may approve it in prod, and not in test"),
    ("wait_minutes", 29, "wait_minutes is 29 in prod, and 30 in test"),
    ("admin_bypass", True, "administrators may bypass prod's rules, and not test's"),
    ("deployment_branches", ["main", "x"], "prod admits x, and test does not"),
    ("deployment_branches", ["m*", "main"], "prod admits m*, for example m, and test does not"),
    ("deployment_protection_rules", [], "prod lacks gate, whose rules test has"),
    ("trust", {"subject": "immutable"}, "test's asks for pinned claims"),
    ("trust", PINNED | {"keep_subject_statement": True}, "test's asks for pinned claims"),
    ("trust", PINNED | {"subject": "classic"}, "is classic in prod, and immutable in test"),
    ("trust", PINNED | {"subject": "both"}, "is both in prod, and immutable in test"),
]


def keys(test: dict[str, Any], prod: dict[str, Any]) -> list[str]:
    """Return the keys in which prod is weaker than test."""
    return [one.key for one in found(test, prod)]


def found(test: dict[str, Any], prod: dict[str, Any]) -> list[Any]:
    """Return the settings in which prod is weaker than test."""
    environments = {"test": test, "prod": prod}
    names = {"test": "main", "prod": "main"}
    content = {"repository": "a", "environments": environments, "branches": names}
    return list(weaker_settings(Repository.model_validate(content)))


@given(RULES)
def test_equal_environments_are_fine(rules: dict[str, Any]) -> None:
    """Prod with the settings of test is not weaker; prod's default for the bypass is stricter."""
    assert not found(rules, rules)


@given(RULES, RULES)
def test_a_stricter_prod_is_fine(test: dict[str, Any], prod: dict[str, Any]) -> None:
    """After the change that the remedies ask for, nothing is left to report."""
    repaired = dict(prod)
    for key in keys(test, prod):
        repaired[key] = test.get(key) if key != "deployment_tags" else []
    repaired.update({"admin_bypass": False} if "admin_bypass" in keys(test, prod) else {})
    # Self-review counts only where both have reviewers, so it may come up after these.
    again = keys(test, repaired)
    assert again in ([], ["prevent_self_review"])
    assert not again or "prevent_self_review" not in keys(test, prod)


@pytest.mark.parametrize(("key", "value", "text"), WEAKER)
def test_each_weaker_setting_is_found(key: str, value: Any, text: str) -> None:
    """Weakening one setting of prod is reported, with this key and nothing else."""
    assert not found(STRICT, STRICT)
    (one,) = found(STRICT, STRICT | {key: value})
    assert one.key == key
    assert text in one.text
    assert one.remedy


@given(RULES, RULES, st.sampled_from(WEAKER))
def test_nothing_hides_a_weaker_setting(
    test: dict[str, Any], prod: dict[str, Any], weaker: tuple[str, Any, str]
) -> None:
    """Whatever the other settings are, a setting that is weaker is among those reported."""
    key, value, _ = weaker
    needed = {"reviewers"} if key == "prevent_self_review" else set()
    strict = {one: STRICT[one] for one in {key, *needed}}
    given = prod | {one: STRICT[one] for one in needed} | {key: value}
    assert key in keys(test | strict, given)


def test_a_release_needs_an_approval() -> None:
    """Tags that only prod admits are releases if a person or an App approves them."""
    tags = {"deployment_tags": ["v*"]}
    assert keys({}, tags) == ["deployment_tags"]
    assert not found({"deployment_tags": ["*"]}, tags)
    assert not found({}, tags | {"reviewers": {"teams": ["platform"]}})
    assert not found({}, tags | {"deployment_protection_rules": ["gate"]})


def test_self_review_counts_with_reviewers_only() -> None:
    """Without reviewers no approval is needed, so their rule about self-review is void."""
    only = {"prevent_self_review": True}
    assert not found(only, {})
    assert not found(only, {"reviewers": {"users": ["hubot"]}})
    both = only | {"reviewers": {"users": ["octocat"]}}
    assert keys(both, {}) == ["reviewers"]
    assert keys(both, {"reviewers": {"users": ["hubot"]}}) == ["prevent_self_review"]


WAITING = {"test": {"wait_minutes": 5}}


@pytest.mark.parametrize(
    "fewer",
    [
        *FEWER,
        {"deploy": "none", "environments": WAITING},
        {"environments": WAITING | {"prod": "none"}},
    ],
)
def test_fewer_environments_are_not_compared(fewer: dict[str, Any]) -> None:
    """A repository without prod or test has nothing to compare."""
    assert not list(weaker_settings(Repository.model_validate({"repository": "a", **fewer})))


def test_each_protecting_key_is_compared() -> None:
    """A new key of an environment is compared, or stands here with the reason why it is not."""
    not_protecting = {
        *("secrets", "variables", "exclusive"),  # contents of an environment
        "role",  # depends on what is deployed
        "accept_weaker",  # the acceptance itself
    }
    fields = set(ProdEnvironment.model_fields) - not_protecting
    assert fields == STRICT.keys()
    assert len(COMPARISONS) == len(fields)

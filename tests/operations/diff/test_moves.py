"""The direction of a role's live trust before and after a rename or transfer."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from components.model.stack import Stack
from operations.diff.compare import compare
from operations.diff.iam.statements import listed
from tests.operations.diff import worlds
from tests.operations.diff.test_trusts import (
    CLASSIC,
    IMMUTABLE,
    ISSUER,
    KEPT,
    PINNED,
    PROD,
    SUBJECT,
    declared,
    with_prod_trust,
)


@pytest.mark.parametrize("trust", [SUBJECT, KEPT, PINNED, {"subject": "both"}])
@pytest.mark.parametrize("sent", [CLASSIC, IMMUTABLE])
@pytest.mark.parametrize("next_name", ["invoices", "initech@77/billing"])
def test_a_window_for_a_move_weakens_nothing(
    trust: dict[str, Any], sent: str, next_name: str
) -> None:
    """The next name with this repository's ids is no other's, so to admit it needs no consent.

    To close the window needs none either: a subject that is not declared is weaker.
    """
    with_window, without = declared(trust, next_name=next_name), declared(trust)
    worlds_ = [worlds.as_declared(one, subject_prefix=sent) for one in (with_window, without)]
    for stack, world, direction in (
        (with_window, worlds_[1], "neutral"),
        (without, worlds_[0], "weaker"),
    ):
        found = [one for one in compare(stack, world) if "prod" in str(one.object)]
        assert [(one.rule, one.direction.value) for one in found] == [("role/trust", direction)]
    assert list(compare(with_window, worlds_[0])) == []


def test_a_window_for_a_move_follows_a_template() -> None:
    """With a template that names the id, the subject after the move is this repository's too."""
    template = ("repository_id", "context", "repository")
    with_window, without = declared(SUBJECT, next_name="invoices"), declared(SUBJECT)
    (found,) = (
        one
        for one in compare(with_window, worlds.as_declared(without, subject_claims=template))
        if "prod" in str(one.object)
    )
    assert (found.rule, found.direction.value) == ("role/trust", "neutral")


EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
RENAMED = {"full_name": "acme/invoices", "subject_prefix": "repo:acme@1/invoices@7"}
TRANSFERRED = {
    "full_name": "initech/billing",
    "owner_id": 77,
    "subject_prefix": "repo:initech@77/billing@7",
}


def in_all(trust: dict[str, Any], next_name: str | None = None) -> Stack:
    """The stack with this trust in each environment."""
    environments = {name: {"trust": trust} for name in ("dev", "test")}
    prod = declared(trust).repositories[0].environment("prod").model_dump(exclude_unset=True)
    return worlds.stack(environments={**environments, "prod": prod}, next_name=next_name)


@pytest.mark.parametrize(
    ("trust", "direction"), [(SUBJECT, "weaker"), (KEPT, "weaker"), (PINNED, "neutral")]
)
@pytest.mark.parametrize(
    ("move", "next_name", "rule"),
    [
        (RENAMED, None, "repository/renamed"),
        (RENAMED, "invoices", "repository/renamed"),
        (TRANSFERRED, None, "repository/transferred"),
        (TRANSFERRED, "initech@77/billing", "repository/transferred"),
    ],
)
def test_a_released_name_opens_a_role_that_trusts_it_alone(
    move: dict[str, Any], next_name: str | None, rule: str, trust: dict[str, Any], direction: str
) -> None:
    """After a move, a repository that takes the old name gets a role that is not pinned to ids.

    The role itself has no second finding: `up` follows the new name once it is declared.
    """
    stack = in_all(trust, next_name)
    world = worlds.with_repository(worlds.as_declared(stack), **move)
    (told,) = compare(stack, world)
    assert (told.rule, told.direction.value) == (rule, direction)


@pytest.mark.parametrize(("move", "next_name"), [(RENAMED, "invoices"), (RENAMED, None)])
def test_a_move_hides_no_other_change_of_a_role(
    move: dict[str, Any], next_name: str | None
) -> None:
    """A trust that was widened by hand is weaker, while names differ as well."""
    stack = in_all(PINNED, next_name)
    world = worlds.as_declared(stack)
    for claim, value in (("ref", "refs/heads/x"), ("sub", "repo:initech/x:environment:prod")):
        (made,) = world.accounts[PROD].roles.values()
        policy = json.loads(json.dumps(made.trust))
        compared = policy["Statement"][0]["Condition"]["StringEquals"]
        if claim == "sub":
            del compared[f"{ISSUER}:repository_id"]  # which made every other name harmless
        compared[f"{ISSUER}:{claim}"] = [*listed(compared[f"{ISSUER}:{claim}"]), value]
        moved = worlds.with_repository(with_prod_trust(world, policy), **move)
        rules = {one.rule: one.direction.value for one in compare(stack, moved)}
        assert rules["role/trust"] == "weaker"


@pytest.mark.parametrize("trust", [SUBJECT, KEPT, PINNED, {"subject": "both"}])
@pytest.mark.parametrize("prefix", [CLASSIC, IMMUTABLE])
@pytest.mark.parametrize("next_name", [None, "invoices", "initech@77/billing"])
def test_a_repository_that_took_the_name_is_another_one(
    trust: dict[str, Any], prefix: str, next_name: str | None
) -> None:
    """Whatever a role admits besides: else `up` would give the role to the repository's successor.

    The same repository, younger than its roles, is no successor if its ids are admitted.
    """
    stack = in_all(trust, next_name)
    made = worlds.as_declared(stack, subject_prefix=prefix)
    for number in ("111111111111", "222222222222", PROD):
        roles = made.accounts[number].roles
        early = {name: replace(role, created=EARLY) for name, role in roles.items()}
        made = worlds.with_account(made, number, roles=early)
    sent = "repo:acme@1/billing@58"
    taken = worlds.with_repository(made, id=58, subject_prefix=sent, created=LATE)
    rules = [(one.rule, one.direction.value) for one in compare(stack, taken)]
    assert rules == [("role/other_repository", "weaker")] * 3
    if prefix == IMMUTABLE or trust.get("subject") == "both":
        own = worlds.with_repository(made, subject_prefix=IMMUTABLE, created=LATE)
        assert "role/other_repository" not in {one.rule for one in compare(stack, own)}


def test_several_elements_with_several_values_are_shown_once() -> None:
    """A trust for two names is not shown as each combination of its values."""
    stack, window = declared(PINNED), declared(PINNED, next_name="initech@77/billing")
    world = worlds.as_declared(window)
    (told,) = [one for one in compare(stack, world) if "prod" in str(one.object)]
    assert told.live.count(":sub ") == told.live.count(":job_workflow_ref ") == 1
    assert f"StringEquals {ISSUER}:repository_owner_id 1 or 77" in told.live
    assert f"StringEquals {ISSUER}:repository_owner_id 1," in told.declared
    assert ":ref " not in told.declared + told.live

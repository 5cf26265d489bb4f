from dataclasses import replace

import pytest

from operations.diff.finding import Direction, Finding, Repair
from operations.engine.steps import Step
from operations.preview_warnings.unshown import not_shown_by_pulumi, sentence
from tests.operations.keys import key

ENVIRONMENT = "github:index/repositoryEnvironment:RepositoryEnvironment"
VARIABLE = "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable"
INPUTS = {"repository": "billing", "environment": "prod", "waitTimer": 10}
REVIEWERS = Finding(
    "billing",
    key("environment prod"),
    "reviewers",
    "team platform",
    "",
    Direction.WEAKER,
    Repair.REFRESH,
    "environment/reviewers",
)
WAIT = replace(REVIEWERS, field="wait_minutes", declared="10", live="0", repair=Repair.UP)
EXTRA = Finding(
    "billing",
    key("environment prod, variable DEBUG"),
    "",
    "",
    "1",
    Direction.NEUTRAL,
    Repair.HAND,
    "variable/extra",
)


def step(op: str, kind: str, *fields: str, **given: object) -> Step:
    """A planned step; deletions have old values only."""
    values = {**INPUTS, **given}
    old, new = (values, {}) if op == "delete" else ({}, values)
    return Step(op, f"urn:pulumi:s::p::{kind}::x", kind, old, new, fields)


@pytest.mark.parametrize(
    ("planned", "left"),
    [
        ([], [REVIEWERS, WAIT]),
        ([step("update", ENVIRONMENT, "waitTimer")], [REVIEWERS]),
        ([step("create", ENVIRONMENT)], []),
        ([step("update", ENVIRONMENT, "waitTimer", environment="test")], [REVIEWERS, WAIT]),
    ],
)
def test_planned_fields_are_not_reported_again(planned: list[Step], left: list[Finding]) -> None:
    """A planned update hides its own fields, a planned creation all fields of its object."""
    assert list(not_shown_by_pulumi([REVIEWERS, WAIT], planned, [], {})) == left


def test_planned_deletions_are_not_reported_again() -> None:
    """An object whose deletion Pulumi shows is not reported again."""
    gone = step("delete", VARIABLE, variableName="DEBUG")
    assert list(not_shown_by_pulumi([EXTRA], [], [gone], {})) == []
    assert list(not_shown_by_pulumi([replace(EXTRA, declared="2")], [], [gone], {})) != []


def test_a_sentence_has_place_direction_values_and_remedy() -> None:
    """A warning has place, direction, values and remedy on one line, as in `slipway drift`."""
    assert sentence(REVIEWERS, "acme", "s") == (
        "acme/billing: weaker: environment prod: reviewers: team platform -> nothing; "
        "repaired by slipway up s, or slipway refresh s and then pulumi up --stack s"
    )


def test_foreign_text_cannot_act_on_a_terminal() -> None:
    """Foreign names and values are made visible, so they cannot control the terminal."""
    hostile = replace(EXTRA, object=key("environment prod, variable \x1b[2J"), live="\u202e")
    said = sentence(hostile, "acme", "s")
    assert said.isprintable()

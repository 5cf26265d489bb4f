"""What code scanning makes of a log: which alerts are one, and what each says of itself."""

import json
from dataclasses import replace
from typing import Any

import pytest

from operations.diff.finding import Direction, Finding, Repair
from operations.reports.as_sarif import as_sarif
from tests.operations.keys import key
from tests.operations.reports.samples import BRANCH, FULL, HOSTILE, REVIEWERS, VARIABLE, report

SECRET = Finding(
    "api",
    key("environment dev, secret TOKEN"),
    "",
    "",
    "there since 2026-11-01 03:00 UTC",
    Direction.NEUTRAL,
    Repair.HAND,
    "secret/extra",
)


def results(*findings: Finding) -> list[dict[str, Any]]:
    """The results of one stack's run."""
    found: list[dict[str, Any]] = json.loads(as_sarif([report(*findings)]))["runs"][0]["results"]
    return found


@pytest.mark.parametrize("finding", [REVIEWERS, VARIABLE, SECRET], ids=lambda one: one.rule)
def test_an_alert_stays_one_while_its_value_changes(finding: Finding) -> None:
    """With a field or without: otherwise each look would close an alert and open another."""
    (before,), (after,) = results(finding), results(replace(finding, live="something else"))
    assert before["partialFingerprints"] == after["partialFingerprints"]


def test_findings_of_one_look_have_fingerprints_of_their_own() -> None:
    """Repository, object, field and rule tell them apart."""
    found = results(
        REVIEWERS,
        replace(REVIEWERS, field="wait_minutes"),
        replace(REVIEWERS, object=key("environment test")),
        replace(REVIEWERS, repository="api"),
        replace(REVIEWERS, rule="plan/update"),
        VARIABLE,
        SECRET,
        BRANCH,
    )
    assert len({one["partialFingerprints"]["slipwayDrift/v1"] for one in found}) == len(found)


def test_a_result_names_the_object_and_keeps_the_values_whole() -> None:
    """The object without acting characters; the values, for programs, as they are."""
    found = {one["ruleId"]: one for one in json.loads(as_sarif([FULL]))["runs"][0]["results"]}
    assert found["variable/extra"]["properties"] == {
        "declared": "",
        "live": HOSTILE,
        "direction": "stronger",
        "repair": "by hand",
    }
    (place,) = found["environment/reviewers"]["locations"]
    assert place["logicalLocations"] == [{"fullyQualifiedName": "acme/billing: environment prod"}]
    (place,) = found["variable/extra"]["locations"]
    assert "\x1b" not in place["logicalLocations"][0]["fullyQualifiedName"]

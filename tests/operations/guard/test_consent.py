"""Remedies mention `--accept` where `up` would refuse."""

from dataclasses import replace

import pytest

from operations.diff.finding import Direction, Finding, Repair
from operations.guard.consent import needs_consent, repaired_by, weakens
from operations.reports.remedies import row_remedy
from tests.operations.keys import key

LONGER = Finding(
    "billing",
    key("environment prod"),
    "wait_minutes",
    "10",
    "30",
    Direction.STRONGER,
    Repair.UP,
    "environment/wait_minutes",
)


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (LONGER, "up --accept"),
        (replace(LONGER, direction=Direction.WEAKER), "up"),
        (replace(LONGER, direction=Direction.WEAKER, both_ways=True), "up"),
        (replace(LONGER, repair=Repair.HAND), "by hand"),
        (replace(LONGER, repair=Repair.REFRESH), "up"),
        (replace(LONGER, rule="variable/value"), "up"),
        (replace(LONGER, rule="role/other_repository"), "up --accept"),
    ],
)
def test_a_remedy_that_up_refuses_has_the_option(found: Finding, word: str) -> None:
    """The remedy says `up --accept` if the repair lets more happen than the live setting."""
    assert repaired_by(found) == word
    assert needs_consent(found) is (word == "up --accept")


def test_a_reports_remedy_gives_consent_by_identifier() -> None:
    """The row names the run that lists the identifier, and the option that takes it."""
    asking = "`slipway up acme`, which lists an identifier for `--accept`"
    assert row_remedy(LONGER, "acme") == asking
    assert row_remedy(replace(LONGER, direction=Direction.WEAKER), "acme") == "`slipway up acme`"


def test_a_difference_both_ways_weakens() -> None:
    """A both-ways finding weakens if the declaration changed; drift alone cannot tell that."""
    found = replace(LONGER, direction=Direction.WEAKER, both_ways=True)
    assert weakens(found)
    assert not needs_consent(found)

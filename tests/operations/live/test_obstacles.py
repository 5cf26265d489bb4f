from dataclasses import replace

import pytest

from operations.live.observed import ObservedRepository, RepositoryFacts
from operations.live.obstacles import obstacles
from tests.operations.adoption.grown import LEDGER

NAME = "acme/ledger"


@pytest.mark.parametrize(
    ("live", "kind", "found"),
    [
        (None, "missing", ""),
        (replace(LEDGER, full_name="ACME/books"), "renamed", "ACME/books"),
        (replace(LEDGER, full_name="other/ledger"), "transferred", "other/ledger"),
        (replace(LEDGER, archived=True), "archived", "true"),
        (replace(LEDGER, administered=False), "rights", ""),
        (replace(LEDGER, workflows={"develop": {}}), "no_commit", ""),
        (replace(LEDGER, subject_claims=("repo", "ref")), "subject_claims", "repo, ref"),
    ],
)
def test_each_obstacle_has_its_kind(live: ObservedRepository | None, kind: str, found: str) -> None:
    """Each obstacle has its kind, live value and a text with a remedy."""
    (obstacle,) = obstacles(NAME, live)
    assert (obstacle.kind, obstacle.found) == (kind, found)
    assert ": " in obstacle.text, "no remedy"


def test_a_name_in_other_case_is_no_obstacle() -> None:
    """A difference in case of the name is no obstacle, since GitHub ignores case."""
    assert not list(obstacles("Acme/LEDGER", LEDGER))


def test_claims_that_were_not_read_are_not_judged() -> None:
    """Subject claims that were not read are no obstacle."""
    fields = RepositoryFacts.__dataclass_fields__
    facts = RepositoryFacts(**{key: getattr(LEDGER, key) for key in fields})
    assert not list(obstacles(NAME, facts))


def test_every_obstacle_is_reported_at_once() -> None:
    """Every obstacle of a repository is reported at once."""
    live = replace(LEDGER, archived=True, workflows={}, subject_claims=("ref",))
    assert [one.kind for one in obstacles(NAME, live)] == [
        "archived",
        "no_commit",
        "subject_claims",
    ]

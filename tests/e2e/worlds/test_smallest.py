"""A failure prints the smallest world that fails, in a form that can be planted again."""

from collections.abc import Callable

import pytest

from tests.e2e.worlds.drawing import world
from tests.e2e.worlds.facts import Repository, World
from tests.e2e.worlds.planted import differences
from tests.e2e.worlds.smallest import smallest

GUILTY = Repository(
    name="r02",
    visibility="private",
    files={"README.md": "x", "setup.py": "y"},
    rulesets=[{"name": "a", "rules": [{"type": "update"}, {"type": "creation"}]}],
    declaration={"delivery": "direct", "environments": {"prod": "none", "dev": "none"}},
)
EVERY = World(
    plan="team",
    accounts=3,
    repositories=[Repository(name="r00"), Repository(name="r01"), GUILTY, Repository(name="r03")],
)


def creation(one: Repository) -> bool:
    """Whether a rule restricts creations in the repository."""
    rules = [rule for each in one.rulesets for rule in each.get("rules", ())]
    return any(rule.get("type") == "creation" for rule in rules)


def private_with_creation(facts: World) -> bool:
    """Three facts together."""
    return any(
        creation(one) and one.visibility == "private" and one.declaration.get("delivery")
        for one in facts.repositories
    )


@pytest.mark.parametrize("names", [{"r02"}, set(), {"r03"}])
def test_facts_that_do_not_matter_are_taken_away(names: set[str]) -> None:
    """The world that is left breaks; with any further fact at its default it does not."""
    found = smallest(EVERY, private_with_creation, names, runs=200)
    assert private_with_creation(found)
    assert found == World(
        repositories=[
            Repository(
                name="r02",
                visibility="private",
                rulesets=[{"rules": [{"type": "creation"}]}],
                declaration={"delivery": "direct"},
            )
        ]
    )


def test_two_repositories_that_break_together_stay_together() -> None:
    """Neither half of the world breaks alone, so both stay."""

    def both(facts: World) -> bool:
        return {"r00", "r03"} <= {one.name for one in facts.repositories}

    found = smallest(EVERY, both, set(), runs=100)
    assert found == World(repositories=[Repository(name="r00"), Repository(name="r03")])


def test_the_number_of_runs_is_limited() -> None:
    """Each run is one of the engine; the world of the last one that broke is the result."""
    runs: list[World] = []

    def counted(breaks: Callable[[World], bool]) -> Callable[[World], bool]:
        def asked(facts: World) -> bool:
            runs.append(facts)
            return breaks(facts)

        return asked

    found = smallest(EVERY, counted(private_with_creation), set(), runs=5)
    assert len(runs) == 5
    assert private_with_creation(found)


def test_a_printed_world_is_the_same_world() -> None:
    """The same seed draws the same world, and its JSON has all of its facts."""
    drawn = world(3, 4)
    assert drawn == world(3, 4)
    assert drawn != world(4, 4)
    assert World.model_validate_json(drawn.model_dump_json(exclude_defaults=True)) == drawn


def test_differences_name_their_places() -> None:
    """Values, and keys that come or go, are named with the way to them."""
    before = {"r": {"refs": {"main": "1", "old": "2"}, "topics": ["a"]}}
    after = {"r": {"refs": {"main": "3", "new": "4"}, "topics": ["a"]}}
    assert list(differences(before, before)) == []
    assert [one.partition(":")[0] for one in differences(before, after)] == [
        "/r/refs/main",
        "/r/refs/new",
        "/r/refs/old",
    ]

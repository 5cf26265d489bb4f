"""Any repository facts: refused with nothing written, or an `up` that ends in an empty preview."""

import time
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.conftest import running_world
from tests.e2e.worlds.batch import outcome
from tests.e2e.worlds.drawing import SEEDS, SIZE, world
from tests.e2e.worlds.facts import World
from tests.e2e.worlds.outcome import BrokenError, Outcome
from tests.e2e.worlds.smallest import smallest

SMALL: Final = 5
#: Seconds for the batch and for a smaller world, if it fails; pytest's own limit is 600.
PATIENCE: Final = 400
#: Lowest numbers of accepted and of refused repositories in a batch.
LEAST: Final = 3


def drawn(folder: Path, seed: int, count: int) -> Outcome:
    """Draw a batch and take it through everything; a failure has the smallest world that fails."""
    facts = world(seed, count)
    with running_world(folder) as sandbox:
        begun = time.monotonic()

        def breaks(other: World) -> bool:
            if time.monotonic() - begun > PATIENCE:
                return False
            try:
                outcome(sandbox, other, folder)
            except BrokenError:
                return True
            except AssertionError:
                # It cannot be planted: a fact needs one that was taken away.
                return False
            return False

        try:
            return outcome(sandbox, facts, folder)
        except BrokenError as error:
            least = smallest(facts, breaks, error.names)
            pytest.fail(
                f"seed {seed}: {error.text}\n\n"
                f"repositories: {', '.join(sorted(error.names)) or 'unknown'}\n"
                "the smallest world that fails, for `python -m tests.e2e.worlds FILE`:\n"
                f"{least.model_dump_json(exclude_defaults=True)}",
                pytrace=False,
            )


def test_a_few_repositories_of_any_facts(tmp_path: Path) -> None:
    """Each repository is refused at its own file, or provisioned to an empty preview."""
    found = drawn(tmp_path, 3, SMALL)
    assert {check for checks in found.refused.values() for check in checks} >= {
        "plan",
        "rules of branches",
    }
    assert len(found.accepted) > 1
    # Rules have refused the commits of one that went through.
    assert "workflow/pull_request_open" in {one["rule"] for one in found.findings}


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_many_repositories_of_any_facts(tmp_path: Path, seed: int) -> None:
    """The same, for two hundred repositories of owners with each plan."""
    found = drawn(tmp_path, seed, SIZE)
    print(  # noqa: T201 - `make worlds` shows it
        f"seed {seed}, plan {found.world.plan}: {len(found.accepted)} went through "
        f"({found.changes} changes), {len(found.refused)} refused: {dict(found.checks)}; "
        f"stack: {sorted(found.stack_refused)}"
    )
    assert len(found.accepted) >= LEAST
    assert len(found.refused) >= LEAST

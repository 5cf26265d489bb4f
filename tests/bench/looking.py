"""The cost of the look during a plain preview: `--look N`.

Runs the same preview with `slipway:look` off and on in turn, so that other work of the machine
affects both. The stack is onboarded without checkpoints, which take most of a first run.
"""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from tests.bench.repositories import declaration, seeded
from tests.bench.run import run_of
from tests.e2e.conftest import ACME, new_project, users_world

#: Measurements of each kind, after one look that fills the cache.
ROUNDS: Final = 5
FIGURES: Final = ("seconds", "cpu_seconds", "requests_each")


def measure_looks(size: int) -> list[dict[str, Any]]:
    """Return medians of a preview without a look and with one, and of the first look."""
    with tempfile.TemporaryDirectory() as name, users_world(Path(name)) as world:
        names = [f"service-{index:03}" for index in range(size)]
        world.control("POST", "seed", {"repositories": [seeded(name) for name in names]})
        project = new_project(world, Path(name))
        project.new_stack("bench", ACME, **{name: declaration(name) for name in names})
        cache = {"XDG_CACHE_HOME": str(Path(name) / "cache")}
        once = {"PULUMI_SKIP_CHECKPOINTS": "true", "PULUMI_EXPERIMENTAL": "true"}
        run_of(project, ("up", "--yes", "--skip-preview"), size, SLIPWAY_LOOK="off", **once)

        def preview(look: str) -> dict[str, Any]:
            return run_of(project, ("preview",), size, SLIPWAY_LOOK=look, **cache)

        first = [preview("warn")]
        runs = [(preview("off"), preview("warn")) for _ in range(ROUNDS)]
        without, with_ = ([one[side] for one in runs] for side in (0, 1))
    return [
        {"repositories": size, "look": look, "runs": len(taken)}
        | {figure: round(median(one[figure] for one in taken), 1) for figure in FIGURES}
        | {"cpu_seconds_by_program": _by_program(taken)}
        for look, taken in (("first", first), ("off", without), ("warn", with_))
    ]


def _by_program(taken: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Medians of each program's CPU time."""
    spent = [one["cpu_seconds_by_program"] for one in taken]
    return {name: round(median(one.get(name, 0) for one in spent), 1) for name in spent[0]}

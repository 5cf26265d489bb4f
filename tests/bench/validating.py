"""The cost of `slipway validate --live` before the first `up`: `--validate N`.

Each measurement runs the command in a process of its own, as a user does.
"""

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any, Final

from tests.bench.repositories import declaration, seeded
from tests.e2e.conftest import ACME, new_project, users_world

#: Measurements.
ROUNDS: Final = 5


def measure_validation(size: int) -> dict[str, Any]:
    """Return the first and the median time of the command for `size` repositories."""
    with tempfile.TemporaryDirectory() as name, users_world(Path(name)) as world:
        names = [f"service-{index:03}" for index in range(size)]
        world.control("POST", "seed", {"repositories": [seeded(name) for name in names]})
        project = new_project(world, Path(name))
        project.new_stack("bench", ACME, **{name: declaration(name) for name in names})
        spent = []
        for _ in range(ROUNDS):
            started = time.monotonic()
            project.slipway("validate", "bench", "--live")
            spent.append(round(time.monotonic() - started, 1))
    return {"repositories": size, "first": spent[0], "median": median(spent), "longest": max(spent)}

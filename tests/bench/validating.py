"""The cost of `slipway validate --live` before the first `up`: `--validate N`.

Each measurement runs the command in a process of its own, as a user does.
"""

import tempfile
from pathlib import Path
from typing import Any, Final

from tests.bench.cost import cost_of, of_all
from tests.bench.repositories import declaration, seeded
from tests.e2e.conftest import ACME, new_project, users_world

#: Measurements.
ROUNDS: Final = 5


def measure_validation(size: int) -> dict[str, Any]:
    """Return the cost of the command for `size` repositories."""
    with tempfile.TemporaryDirectory() as name, users_world(Path(name)) as world:
        names = [f"service-{index:03}" for index in range(size)]
        world.control("POST", "seed", {"repositories": [seeded(name) for name in names]})
        project = new_project(world, Path(name))
        project.new_stack("bench", ACME, **{name: declaration(name) for name in names})
        command = (project.folder / ".venv/bin/slipway", "validate", "bench", "--live")
        variables = world.environment | {"XDG_CACHE_HOME": str(Path(name) / "cache")}
        taken = [cost_of(world, command, project.folder, **variables) for _ in range(ROUNDS)]
    return {"repositories": size, "run": of_all(taken)}

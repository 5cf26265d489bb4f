"""The cost of the look during a plain preview: `--look N`.

Runs the same preview with `slipway:look` off and on in turn, so that other work of the machine
affects both. The stack is onboarded without checkpoints, which take most of a first run.
"""

import tempfile
from pathlib import Path
from typing import Any, Final

from tests.bench.cost import cost_of, of_all
from tests.bench.repositories import declaration, seeded
from tests.e2e.conftest import ACME, AT_THE_END, new_project, users_world

#: Measurements of each kind, after one look that fills the cache.
ROUNDS: Final = 5


def measure_looks(size: int) -> dict[str, Any]:
    """Return medians of a preview without a look and with one, and the first look."""
    with tempfile.TemporaryDirectory() as name, users_world(Path(name)) as world:
        names = [f"service-{index:03}" for index in range(size)]
        world.control("POST", "seed", {"repositories": [seeded(name) for name in names]})
        project = new_project(world, Path(name))
        project.new_stack("bench", ACME, **{name: declaration(name) for name in names})
        project.up("bench", **AT_THE_END)
        variables = world.environment | {"XDG_CACHE_HOME": str(Path(name) / "looks")}

        def preview(look: str) -> dict[str, Any]:
            command = ("pulumi", "preview", "--non-interactive", "--stack", "bench")
            return cost_of(world, command, project.folder, **variables, SLIPWAY_LOOK=look)

        taken: dict[str, list[dict[str, Any]]] = {"first": [preview("warn")], "off": [], "warn": []}
        for _ in range(ROUNDS):
            for look in ("off", "warn"):
                taken[look].append(preview(look))
    return {"repositories": size, "looks": {look: of_all(costs) for look, costs in taken.items()}}

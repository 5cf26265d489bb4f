"""slipway beside OpenTofu for one size of stack: the same objects, in turn, on the same machine."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from tests.bench.cost import cost_of, of_all
from tests.bench.lanes import Lane, slipway, with_opentofu
from tests.bench.objects import Object, by_kind, in_aws, on_github
from tests.bench.repositories import seeded
from tests.e2e.conftest import World, users_world

#: Runs that change nothing, so that they can be repeated, in their order.
REPEATED: Final = ("unchanged", "check with refresh", "check", "drift")


def measure_comparison(size: int, rounds: int, more: str = "") -> dict[str, Any]:
    """Measure each run `rounds` times, and every first run with sandboxes of its own.

    Args:
        size: number of repositories.
        rounds: how often runs are measured; the figures are medians.
        more: YAML that is added to each repository's declaration.
    """
    names = [f"service-{index:03}" for index in range(size)]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as worlds:
        lanes, accounts = _lanes(worlds, Path(folder), names, more)
        taken = {}
        made = {}
        there = {}
        for lane in lanes:
            before = _existing(lane.world, names, accounts)
            taken[lane.name] = {"first": [_measured(lane, "first")]}
            there[lane.name] = on_github(lane.world, names)
            made[lane.name] = _existing(lane.world, names, accounts) - before
        first, *others = there.values()
        for other in others:
            differing = sorted(first ^ other)
            assert not differing, f"not the same objects on GitHub: {differing[:5]}"
        for _ in range(rounds - 1):
            for name, cost in _first_runs(names, more).items():
                taken[name]["first"].append(cost)
        for run in REPEATED:
            for _ in range(rounds):
                for lane in lanes:
                    if run in lane.runs:
                        taken[lane.name].setdefault(run, []).append(_measured(lane, run))
        measured = {
            lane.name: {
                "commands": lane.commands(),
                "objects": by_kind(made[lane.name]),
                "state_bytes": lane.state_bytes(),
                "runs": {run: of_all(costs) for run, costs in taken[lane.name].items()},
            }
            for lane in lanes
        }
    return {"repositories": size, "lanes": measured}


def _first_runs(names: list[str], more: str) -> dict[str, dict[str, Any]]:
    """The cost of a first run by the lane's name."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as worlds:
        lanes, _ = _lanes(worlds, Path(folder), names, more)
        return {lane.name: _measured(lane, "first") for lane in lanes}


def _lanes(
    worlds: ExitStack, folder: Path, names: list[str], more: str
) -> tuple[list[Lane], list[str]]:
    """Start a sandbox with the same repositories for each tool; also the accounts of the stack."""
    running = []
    for name in ("slipway", "opentofu"):
        (folder / name).mkdir()
        world = worlds.enter_context(users_world(folder / name))
        world.control("POST", "seed", {"repositories": [seeded(each) for each in names]})
        running.append(world)
    ours, stack = slipway(running[0], folder / "slipway", names, more)
    theirs = with_opentofu(running[1], folder / "opentofu", stack)
    accounts = [account.account_id for _, account in stack.settings.distinct_accounts()]
    return [ours, theirs], accounts


def _existing(world: World, names: list[str], accounts: list[str]) -> set[Object]:
    return on_github(world, names) | in_aws(world, accounts)


def _measured(lane: Lane, run: str) -> dict[str, Any]:
    return cost_of(lane.world, lane.runs[run], lane.folder, **lane.variables)

"""The parts of docs/performance.md about slipway beside OpenTofu."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.bench.figures import Figures, of_size
from tests.bench.goals import RATIOS, sizes
from tests.bench.markdown import number, paragraph, seconds, table

#: The size of stack that details are told of.
USUAL: Final = 25
_LANES: Final = {"slipway": "slipway", "opentofu": "OpenTofu"}
_RUNS: Final = ("first", "unchanged", "check with refresh", "check", "drift")
#: Requests that GitHub grants an hour to the token of a user.
_HOURLY: Final = 5000
Lanes = Mapping[str, Any]
Runs = Mapping[str, Any]


def comparison_blocks(figures: Figures) -> dict[str, str]:
    """Each part by its name; those of the usual size only if it was measured."""
    entry = of_size(figures, "comparisons", USUAL)
    parts = {"runs": _runs(figures), "goals": _goals(figures)}
    if entry:
        lanes = entry["lanes"]
        parts |= {
            "commands": _commands(lanes),
            "objects": _objects(lanes),
            "memory": _memory(lanes),
            "state": _state(lanes),
            "programs": _programs(lanes),
            "routes": _routes(lanes),
            "hourly": _hourly(lanes),
        }
    return parts


def _runs(figures: Figures) -> str:
    measured = (
        ("seconds", "seconds", False),
        ("CPU s", "cpu_seconds", False),
        ("requests each", "requests", True),
        ("MB", "megabytes", False),
    )
    headings = [f"{what}, {lane}" for what, *_ in measured for lane in _LANES.values()]
    rows = []
    for run in _RUNS:
        for entry in figures.get("comparisons", []):
            size, lanes = entry["repositories"], entry["lanes"]
            cells = [
                _cell(lanes[lane]["runs"].get(run), figure, size if each else 1)
                for _, figure, each in measured
                for lane in _LANES
            ]
            rows.append([run, str(size), *cells])
    return table(["run", "repositories", *headings], rows)


def _cell(run: Mapping[str, Any] | None, figure: str, divisor: int) -> str:
    if run is None:
        return ""
    value = run[figure] / divisor
    return seconds(value) if "seconds" in figure else number(value)


def _goals(figures: Figures) -> str:
    rows = []
    for ratio in RATIOS:
        measured, in_cpu = ratio.measured(figures), ratio.measured(figures, "cpu_seconds")
        rows.append([ratio.text, number(ratio.limit, 2), *_judged(measured, ratio.limit)])
        rows[-1].append("" if in_cpu is None else number(in_cpu, 2))
    for size in sizes(figures):
        limit = f"{number(size.limit)} {size.unit}"
        rows.append([size.text, limit, *_judged(size.measured, size.limit), ""])
    return table(["what", "at most", "measured", "reached", "by CPU seconds"], rows)


def _judged(measured: float | None, limit: float) -> list[str]:
    if measured is None:
        return ["not measured", ""]
    return [number(measured, 2), "yes" if measured <= limit else "no"]


def _commands(lanes: Lanes) -> str:
    rows = [[run, *(_code(lanes[lane]["commands"].get(run)) for lane in _LANES)] for run in _RUNS]
    return table(["run", *_LANES.values()], rows, texts=3)


def _code(command: str | None) -> str:
    return f"`{command}`" if command else ""


def _objects(lanes: Lanes) -> str:
    ours, theirs = (lanes[lane]["objects"] for lane in _LANES)
    shared = ", ".join(f"{number(count / USUAL)} of `{kind}`" for kind, count in theirs.items())
    more = ", ".join(f"`{kind}`" for kind in ours if kind not in theirs)
    return paragraph(
        f"For each repository both make the same {number(sum(theirs.values()) / USUAL)} objects on "
        f"GitHub ({shared}) and take over the branch `develop`.",
        f"slipway makes {number(sum(ours.values()) / USUAL)} in all, with these in AWS: {more}.",
    )


def _memory(lanes: Lanes) -> str:
    told = []
    for lane, name in _LANES.items():
        used = {run: cost["megabytes"] for run, cost in lanes[lane]["runs"].items()}
        most = max(used, key=lambda run: int(used[run]))
        told.append(f"{name} takes {number(used[most] / 1000, 2)} GB at most ({most})")
    return paragraph(f"All processes together, {USUAL} repositories: {', '.join(told)}.")


def _state(lanes: Lanes) -> str:
    ours, theirs = (number(lanes[lane]["state_bytes"] / USUAL / 1000, 0) for lane in _LANES)
    return paragraph(
        f"The state has {ours} kB for each of {USUAL} repositories, and OpenTofu's has {theirs} kB."
    )


def _programs(lanes: Lanes) -> str:
    rows = []
    for lane, name in _LANES.items():
        runs = lanes[lane]["runs"]
        spent = {run: cost["cpu_seconds_by_program"] for run, cost in runs.items()}
        for program in sorted({program for one in spent.values() for program in one}):
            cells = [_spent(spent.get(run, {}).get(program)) for run in _RUNS]
            rows.append([f"{name}: {program}", *cells])
        emulator = [_spent(runs.get(run, {}).get("sandbox_cpu_seconds")) for run in _RUNS]
        rows.append([f"{name}: GitHub and AWS, the sandbox's", *emulator])
    return table(["program", *_RUNS], rows)


def _spent(value: float | None) -> str:
    return seconds(value) if value else ""


def _routes(lanes: Lanes) -> str:
    columns = [(lane, run) for lane in _LANES for run in _RUNS if run in lanes[lane]["runs"]]
    counted = [lanes[lane]["runs"][run]["requests_by_route"] for lane, run in columns]
    most = {route: max(one.get(route, 0) for one in counted) for one in counted for route in one}
    rows = [
        [f"`{route}`", *(number(one[route] / USUAL) if route in one else "" for one in counted)]
        for route in sorted(most, key=lambda route: (-most[route], route))
    ]
    sums = [f"**{number(sum(one.values()) / USUAL)}**" for one in counted]
    headings = [f"{_LANES[lane]}: {run}" for lane, run in columns]
    return table(["route", *headings], [*rows, ["**sum**", *sums]])


def _hourly(lanes: Lanes) -> str:
    return paragraph(
        f"GitHub grants {number(_HOURLY)} requests an hour to a user's token:",
        f"{' or '.join(_fitting(lanes['slipway']['runs']))}.",
    )


def _fitting(runs: Runs) -> Iterator[str]:
    for run, told in (("first", "first runs"), ("check with refresh", "checks with refresh")):
        fitting = _HOURLY * USUAL / runs[run]["requests"]
        yield f"{told} of {number(fitting, 0)} repositories"

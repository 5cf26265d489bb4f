"""`make bench`: time, memory and requests of onboarding, in its own sandbox.

For stacks of 5, 10 and 25 repositories: first `up`, second `up`, `preview`, `preview --refresh`.
Prints tables and writes bench.json. It is a benchmark and no test: it asserts only success. CPU
time is printed beside the seconds, since those depend on other work of the machine.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.fleet import measure_fleet
from tests.bench.looking import measure_looks
from tests.bench.observe import measure_observation
from tests.bench.repositories import declaration, seeded
from tests.bench.run import run_of
from tests.bench.validating import measure_validation
from tests.e2e.conftest import ACME, Project, new_project, users_world

RUNS = {
    "first up": ("up", "--yes", "--skip-preview"),
    "second up": ("up", "--yes", "--skip-preview"),
    "preview": ("preview",),
    "preview --refresh": ("preview", "--refresh"),
}


#: Wide enough for the longest route, also if the output is no terminal.
WIDTH = 150


def main() -> int:
    """Measure, print and write the results."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[5, 10, 25])
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    parser.add_argument("--declare", default="", metavar="YAML", help="more for each repository")
    parser.add_argument("--fleet", type=int, default=0, metavar="N", help="N stacks of 25 instead")
    parser.add_argument(
        "--observe", type=int, nargs="+", default=[], metavar="N", help="look at N repositories"
    )
    parser.add_argument(
        "--look", type=int, nargs="+", default=[], metavar="N", help="what a preview's look costs"
    )
    parser.add_argument(
        "--validate", type=int, nargs="+", default=[], metavar="N", help="validate --live of N"
    )
    parser.add_argument(
        "--naive", action="store_true", help="measure naive.py in place of slipway's program"
    )
    options = parser.parse_args()
    if options.observe or options.look or options.validate:
        figures = [each for count in options.observe for each in measure_observation(count)]
        figures += [each for count in options.look for each in measure_looks(count)]
        figures += [measure_validation(count) for count in options.validate]
        for each in figures:
            print(json.dumps(each))  # noqa: T201
        return 0
    if options.fleet:
        _print_fleet(measure_fleet(options.fleet, 25))
        return 0
    results = [_measure(size, options.declare, naive=options.naive) for size in options.sizes]
    machine = {"cores": os.cpu_count(), "python": platform.python_version()}
    described = {"machine": machine, "stacks": results}
    options.out.write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")
    console = Console(width=WIDTH)
    _print_runs(console, results)
    _print_programs(console, results[-1])
    _print_routes(console, results[-1])
    return 0


def _measure(size: int, more: str, *, naive: bool) -> dict[str, Any]:
    """One stack of `size` default repositories with a Lambda function each, and `more`."""
    with tempfile.TemporaryDirectory() as name, users_world(Path(name)) as world:
        names = [f"service-{index:03}" for index in range(size)]
        world.control("POST", "seed", {"repositories": [seeded(name) for name in names]})
        project = new_project(world, Path(name))
        if naive:
            (project.folder / "__main__.py").unlink()
            (project.folder / "__main__.py").symlink_to(Path(__file__).with_name("naive.py"))
        files = {name: declaration(name, more) for name in names}
        project.new_stack("bench", ACME, **files)
        # `--look` measures the cost of a look.
        runs = {run: run_of(project, RUNS[run], size, SLIPWAY_LOOK="off") for run in RUNS}
        return {"repositories": size, "resources_each": _resources(project, names[0])} | runs


def _resources(project: Project, name: str) -> int:
    """Return the number of resources, including components, of one repository."""
    state = json.loads(project.pulumi("stack", "export", "--stack", "bench").stdout)
    urns = [resource["urn"] for resource in state["deployment"]["resources"]]
    return sum(urn.rsplit("::", 1)[1].startswith(name) for urn in urns)


def _print_fleet(fleet: dict[str, Any]) -> None:
    each = fleet["seconds"] / fleet["repositories"]
    print("{stacks} stacks, {repositories} repositories: {seconds} s".format(**fleet))  # noqa: T201
    print(f"first up of one repository: {each:.2f} s")  # noqa: T201


def _print_runs(console: Console, results: list[dict[str, Any]]) -> None:
    """Print the cost of each run, by size of the stack."""
    table = Table(title="runs", title_justify="left")
    for heading in (
        *("run", "repositories", "seconds", "s each", "CPU s", "CPU s each", "MB", "program MB"),
        "requests each",
    ):
        table.add_column(heading, justify="left" if heading == "run" else "right")
    for run in RUNS:
        for result in results:
            size, figures = result["repositories"], result[run]
            table.add_row(
                run,
                str(size),
                str(figures["seconds"]),
                f"{figures['seconds'] / size:.2f}",
                str(figures["cpu_seconds"]),
                f"{figures['cpu_seconds'] / size:.2f}",
                str(figures["megabytes"]),
                str(figures["megabytes_by_program"].get("program", "-")),
                str(figures["requests_each"]),
                end_section=result is results[-1],
            )
    console.print(table)


def _print_programs(console: Console, result: dict[str, Any]) -> None:
    """Print the CPU time of each program in the largest stack."""
    title = f"CPU seconds by program, {result['repositories']} repositories"
    table = Table("program", title=title, title_justify="left")
    for run in RUNS:
        table.add_column(run, justify="right")
    for name in sorted({n for run in RUNS for n in result[run]["cpu_seconds_by_program"]}):
        spent = (result[run]["cpu_seconds_by_program"].get(name, "") for run in RUNS)
        table.add_row(name, *map(str, spent))
    console.print(table)


def _print_routes(console: Console, result: dict[str, Any]) -> None:
    """Print the requests to GitHub per repository in the largest stack."""
    title = f"requests per repository; {result['resources_each']} resources each"
    table = Table("route", title=title, title_justify="left")
    for run in RUNS:
        table.add_column(run, justify="right")
    for name in sorted({route for run in RUNS for route in result[run]["requests_each_by_route"]}):
        counts = (result[run]["requests_each_by_route"].get(name, "") for run in RUNS)
        table.add_row(name, *map(str, counts))
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())

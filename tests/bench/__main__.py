"""`make bench`: what onboarding costs in time, memory and requests, in a sandbox of its own.

For stacks of 5, 10 and 25 repositories: first `up`, second `up`, `preview`, `preview --refresh`.
Prints tables and writes bench.json. A benchmark, no test: it asserts nothing but success. CPU time
is beside the seconds, since those depend on what else the machine does.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from sandbox.environment import FOREIGN
from tests.bench.fleet import measure_fleet
from tests.bench.observe import measure_observation
from tests.bench.repositories import declaration, seeded
from tests.bench.usage import Usage, cpu_seconds
from tests.e2e.conftest import ACME, Project, new_project, running_world

RUNS = {
    "first up": ("up", "--yes", "--skip-preview"),
    "second up": ("up", "--yes", "--skip-preview"),
    "preview": ("preview",),
    "preview --refresh": ("preview", "--refresh"),
}


#: Wide enough for the longest route, also where the output is no terminal.
WIDTH = 150


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[5, 10, 25])
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    parser.add_argument("--declare", default="", metavar="YAML", help="more for each repository")
    parser.add_argument("--fleet", type=int, default=0, metavar="N", help="N stacks of 25 instead")
    parser.add_argument(
        "--observe", type=int, nargs="+", default=[], metavar="N", help="look at N repositories"
    )
    parser.add_argument(
        "--naive", action="store_true", help="measure naive.py in place of slipway's program"
    )
    options = parser.parse_args()
    if options.observe:
        for count in options.observe:
            for figures in measure_observation(count):
                print(json.dumps(figures))  # noqa: T201
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
    with tempfile.TemporaryDirectory() as name, running_world(Path(name)) as world:
        names = [f"service-{index:03}" for index in range(size)]
        world.control("POST", "seed", {"repositories": [seeded(name) for name in names]})
        project = new_project(world, Path(name))
        if naive:
            (project.folder / "__main__.py").unlink()
            (project.folder / "__main__.py").symlink_to(Path(__file__).with_name("naive.py"))
        files = {name: declaration(name, more) for name in names}
        project.new_stack("bench", ACME, **files)
        runs = {run: _run(project, run, size) for run in RUNS}
        return {"repositories": size, "resources_each": _resources(project, names[0])} | runs


def _resources(project: Project, name: str) -> int:
    """How many resources, components included, one repository has."""
    state = json.loads(project.pulumi("stack", "export", "--stack", "bench").stdout)
    urns = [resource["urn"] for resource in state["deployment"]["resources"]]
    return sum(urn.rsplit("::", 1)[1].startswith(name) for urn in urns)


def _run(project: Project, run: str, size: int) -> dict[str, Any]:
    world = project.world
    world.control("POST", "requests/reset")
    inherited = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    load, before = os.getloadavg()[0], cpu_seconds(world.record.pid)
    started = time.monotonic()
    process = subprocess.Popen(
        ["pulumi", *RUNS[run], "--non-interactive", "--stack", "bench"],
        cwd=project.folder,
        env=inherited | world.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with Usage(process.pid) as usage:
        output, _ = process.communicate()
    seconds = time.monotonic() - started
    if process.returncode:
        sys.exit(f"{run} of {size} repositories: exit {process.returncode}\n{output}")
    cpu = usage.seconds_by_program | {"sandbox": cpu_seconds(world.record.pid) - before}
    counted = world.control("GET", "requests")
    return {
        "seconds": round(seconds, 1),
        "cpu_seconds": round(sum(cpu.values()), 1),
        "cpu_seconds_by_program": {name: round(s, 1) for name, s in sorted(cpu.items())},
        "load_before": round(load, 1),
        "megabytes": round(usage.megabytes),
        "megabytes_by_program": {n: round(mb) for n, mb in usage.megabytes_by_program.items()},
        "requests_each": round(counted["total"] / size, 1),
        "requests_each_by_route": {
            f"{row['method']} {row['route']}": round(row["count"] / size, 2)
            for row in counted["routes"]
        },
    }


def _print_fleet(fleet: dict[str, Any]) -> None:
    each = fleet["seconds"] / fleet["repositories"]
    print("{stacks} stacks, {repositories} repositories: {seconds} s".format(**fleet))  # noqa: T201
    print(f"first up of one repository: {each:.2f} s")  # noqa: T201


def _print_runs(console: Console, results: list[dict[str, Any]]) -> None:
    """What each run costs, by size of the stack."""
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
    """Where the CPU time goes in the largest stack."""
    title = f"CPU seconds by program, {result['repositories']} repositories"
    table = Table("program", title=title, title_justify="left")
    for run in RUNS:
        table.add_column(run, justify="right")
    for name in sorted({n for run in RUNS for n in result[run]["cpu_seconds_by_program"]}):
        spent = (result[run]["cpu_seconds_by_program"].get(name, "") for run in RUNS)
        table.add_row(name, *map(str, spent))
    console.print(table)


def _print_routes(console: Console, result: dict[str, Any]) -> None:
    """What GitHub is asked for each repository in the largest stack."""
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

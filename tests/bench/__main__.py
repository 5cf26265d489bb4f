"""`make bench`: what onboarding costs in time, memory and requests, in the sandbox.

For stacks of 5, 10 and 25 repositories: first `up`, second `up`, `preview`, `preview --refresh`.
Prints a table and writes bench.json. A benchmark, no test: it asserts nothing but success.
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
from tests.bench.memory import PeakMemory
from tests.e2e.conftest import Project, new_project, running_world

SETTINGS = """\
owner: acme
accounts:
  dev: {account_id: "111111111111", region: eu-west-1,
        assume_role: "arn:aws:iam::111111111111:role/slipway"}
  test: {account_id: "222222222222", region: eu-west-1,
         assume_role: "arn:aws:iam::222222222222:role/slipway"}
  prod: {account_id: "333333333333", region: eu-west-1, oidc_provider: existing,
         assume_role: "arn:aws:iam::333333333333:role/slipway"}
"""
RUNS = {
    "first up": ("up", "--yes", "--skip-preview"),
    "second up": ("up", "--yes", "--skip-preview"),
    "preview": ("preview",),
    "preview --refresh": ("preview", "--refresh"),
}


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[5, 10, 25])
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    options = parser.parse_args()
    results = [_measure(size) for size in options.sizes]
    machine = {"cores": os.cpu_count(), "python": platform.python_version()}
    options.out.write_text(json.dumps({"machine": machine, "stacks": results}, indent=2) + "\n")
    _print(results)
    return 0


def _measure(size: int) -> dict[str, Any]:
    """One stack of `size` default repositories with a Lambda function each."""
    with tempfile.TemporaryDirectory() as name, running_world(Path(name)) as world:
        names = [f"service-{index:03}" for index in range(size)]
        world.control("POST", "seed", {"repositories": [_repository(name) for name in names]})
        project = new_project(world, Path(name))
        declaration = "repository: {0}\ndeploy: {{lambda_function: {0}}}\n"
        files = {name: declaration.format(name) for name in names}
        project.new_stack("bench", SETTINGS, **files)
        return {"repositories": size} | {run: _run(project, run, size) for run in RUNS}


def _repository(name: str) -> dict[str, Any]:
    """A repository as teams have them: two branches and a file."""
    return {
        "owner": "acme",
        "name": name,
        "branches": ["develop"],
        "files": {"README.md": f"# {name}\n"},
    }


def _run(project: Project, run: str, size: int) -> dict[str, Any]:
    project.world.control("POST", "requests/reset")
    inherited = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    started = time.monotonic()
    process = subprocess.Popen(
        ["pulumi", *RUNS[run], "--non-interactive", "--stack", "bench"],
        cwd=project.folder,
        env=inherited | project.world.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with PeakMemory(process.pid) as memory:
        output, _ = process.communicate()
    seconds = time.monotonic() - started
    if process.returncode:
        sys.exit(f"{run} of {size} repositories: exit {process.returncode}\n{output}")
    counted = project.world.control("GET", "requests")
    return {
        "seconds": round(seconds, 1),
        "megabytes": round(memory.total),
        "megabytes_by_program": {name: round(mb) for name, mb in memory.by_program.items()},
        "requests_per_repository": round(counted["total"] / size, 1),
        "requests_by_route": {
            f"{row['method']} {row['route']}": round(row["count"] / size, 2)
            for row in counted["routes"]
        },
    }


def _print(results: list[dict[str, Any]]) -> None:
    console = Console()
    for run in RUNS:
        table = Table(title=run, title_justify="left")
        for heading in ("repositories", "s", "s each", "MB", "program MB", "requests each"):
            table.add_column(heading, justify="right")
        for result in results:
            size, figures = result["repositories"], result[run]
            table.add_row(
                str(size),
                str(figures["seconds"]),
                f"{figures['seconds'] / size:.2f}",
                str(figures["megabytes"]),
                str(figures["megabytes_by_program"].get("program", "-")),
                str(figures["requests_per_repository"]),
            )
        console.print(table)
    routes = Table(title="requests per repository by route", title_justify="left")
    for heading in ("route", *RUNS):
        routes.add_column(heading, justify="left" if heading == "route" else "right")
    largest = results[-1]
    names = sorted({route for run in RUNS for route in largest[run]["requests_by_route"]})
    for name in names:
        counts = (largest[run]["requests_by_route"].get(name, "") for run in RUNS)
        routes.add_row(name, *(str(count) for count in counts))
    console.print(routes)


if __name__ == "__main__":
    sys.exit(main())

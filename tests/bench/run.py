"""One run of the engine for a stack, and its cost."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from sandbox.environment import FOREIGN
from tests.bench.usage import Usage, cpu_seconds
from tests.e2e.conftest import Project


def run_of(project: Project, run: Sequence[str], size: int, **variables: str) -> dict[str, Any]:
    """Measure seconds, CPU time, memory and requests of one run.

    Args:
        project: the project, with the stack `bench`.
        run: pulumi's command.
        size: number of repositories of the stack.
        variables: environment variables.
    """
    world = project.world
    world.control("POST", "requests/reset")
    inherited = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    load, before = os.getloadavg()[0], cpu_seconds(world.record.pid)
    started = time.monotonic()
    process = subprocess.Popen(
        ["pulumi", *run, "--non-interactive", "--stack", "bench"],
        cwd=project.folder,
        env=inherited | world.environment | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with Usage(process.pid) as usage:
        output, _ = process.communicate()
    seconds = time.monotonic() - started
    if process.returncode:
        sys.exit(f"{' '.join(run)} of {size} repositories: exit {process.returncode}\n{output}")
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

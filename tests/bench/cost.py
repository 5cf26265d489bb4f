"""The cost of one command: seconds, CPU time, memory, requests to GitHub; and of several runs."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from sandbox.environment import FOREIGN
from tests.bench.usage import Usage, cpu_seconds
from tests.e2e.conftest import World

#: CPU time of processes that ended before they were looked at.
_UNSEEN: Final = "unseen"
_LINES_OF_A_FAILURE: Final = 40


def cost_of(
    world: World, command: Sequence[str | Path], folder: Path, **variables: str
) -> dict[str, Any]:
    """Run a command, which must succeed, and measure it.

    Args:
        world: the sandbox that it talks to, which has its own CPU time in the result.
        command: program and arguments.
        folder: where it runs.
        variables: all of its environment variables that a shell does not have.
    """
    world.control("POST", "requests/reset")
    inherited = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    load, before = os.getloadavg()[0], cpu_seconds(world.record.pid)
    waited, started = _waited(), time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=inherited | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with Usage(process.pid) as usage:
        output, _ = process.communicate()
    seconds = time.monotonic() - started
    if process.returncode:
        told = "\n".join(output.splitlines()[-_LINES_OF_A_FAILURE:])
        sys.exit(f"{' '.join(map(str, command))}: exit {process.returncode}\n{told}")
    cpu: dict[str, float] = dict(usage.seconds_by_program)
    cpu[_UNSEEN] = max(0.0, _waited() - waited - sum(cpu.values()))
    counted = world.control("GET", "requests")
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(sum(cpu.values()), 2),
        "cpu_seconds_by_program": {name: round(s, 2) for name, s in sorted(cpu.items())},
        "sandbox_cpu_seconds": round(cpu_seconds(world.record.pid) - before, 2),
        "load_before": round(load, 1),
        "megabytes": round(usage.megabytes),
        "megabytes_by_program": {n: round(mb) for n, mb in usage.megabytes_by_program.items()},
        "requests": counted["total"],
        "requests_by_route": {
            f"{row['method']} {row['route']}": row["count"] for row in counted["routes"]
        },
    }


def _waited() -> float:
    """CPU time of all ended children that were waited for, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def of_all(taken: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The figures of several runs of the same command as one: medians, and the highest memory."""
    return {"runs": len(taken), "seconds_of_each": [one["seconds"] for one in taken]} | {
        figure: _together(figure, [one[figure] for one in taken]) for figure in taken[0]
    }


def _together(figure: str, values: Sequence[Any]) -> Any:
    if isinstance(values[0], Mapping):
        names = dict.fromkeys(name for value in values for name in value)
        return {name: _together(figure, [v.get(name, 0) for v in values]) for name in names}
    if figure.startswith("megabytes") or figure == "load_before":
        return max(values)
    return round(median(values), 2)

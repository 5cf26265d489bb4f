"""What a write of the state costs: an update that writes it often, less the same that does not.

The update makes components, which are nothing outside the state. With
PULUMI_SKIP_CHECKPOINTS the engine writes once at the end; without it, before and after each step.
The start of the programs, the reading of the state and the steps themselves are the same in both.
"""

import json
import os
import subprocess
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from tests.bench.backends.places import Place
from tests.bench.backends.state import Deployment, multiplied
from tests.e2e.trivial_project import Project

_STACK: Final = "dev"
#: The state of the one repository is the sandbox's.
_KEY: Final = {"PULUMI_CONFIG_PASSPHRASE": "sandbox"}
#: Steps of the update.
_STEPS: Final = 20
_PROGRAM: Final = f"""\
import pulumi
class Tick(pulumi.ComponentResource):
    def __init__(self, name, before):
        super().__init__("bench:index:Tick", name, {{}}, pulumi.ResourceOptions(depends_on=before))
before = []
for number in range({_STEPS}):
    before = [Tick(f"tick-{{number}}", before)]
"""
#: Its writes: before and after each step, and at the end. Checked where the backend counts them.
_WRITES: Final = 2 * _STEPS + 1
#: Resources of the state that the program does not declare are left alone.
_TARGET: Final = f"urn:pulumi:{_STACK}::trivial::**Tick::*"


@dataclass(frozen=True)
class Cost:
    """Of one update, or of one write."""

    seconds: float
    #: User and system time of the engine and of what it started.
    cpu_seconds: float
    #: Bytes that the engine wrote to files and sockets, and read from them.
    bytes_out: float
    bytes_in: float
    requests: float

    def less(self, other: "Cost", writes: int) -> "Cost":
        """The difference for each of a number of writes."""
        pairs = zip(asdict(self).values(), asdict(other).values(), strict=True)
        return Cost(*((mine - its) / writes for mine, its in pairs))


def measure(
    project: Project, place: Place, one: Deployment, repositories: int, rounds: int
) -> dict[str, Any]:
    """The cost of a write at a state of that many repositories.

    Args:
        project: has a stack `dev` in the place.
        place: where the state is.
        one: the state of one repository.
        repositories: how many.
        rounds: how often both updates run.
    """
    state = json.dumps(multiplied(one, repositories, _STACK, "trivial"))
    often, once = [], []
    for _ in range(rounds):
        often.append(_update(project, place, state, _WRITES, skip="false"))
        once.append(_update(project, place, state, 1, skip="true"))
    cost = _least(often).less(_least(once), _WRITES - 1)
    return {key: round(value, 4) for key, value in asdict(cost).items()}


def _least(costs: list[Cost]) -> Cost:
    """The least of each figure: other programs of the machine only add to it."""
    return Cost(*map(min, zip(*(asdict(cost).values() for cost in costs), strict=True)))


def new_stack(project: Project, place: Place) -> None:
    """Make the project's stack in the place."""
    project.write(_PROGRAM)
    _run(project, place, "stack", "init", _STACK)


def _update(project: Project, place: Place, state: str, writes: int, *, skip: str) -> Cost:
    file = project.folder / "state.json"
    file.write_text(state, encoding="utf-8")
    _run(project, place, "stack", "import", "--stack", _STACK, "--file", str(file))
    before = place.requests(), place.writes and place.writes()
    skipping = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": skip}
    command = ("up", "--yes", "--skip-preview", "--stack", _STACK, "--target", _TARGET)
    cost = _run(project, place, *command, **skipping)
    if place.writes:
        assert place.writes() - (before[1] or 0) == writes
    return replace(cost, requests=place.requests() - before[0])


def _run(project: Project, place: Place, *arguments: str, **variables: str) -> Cost:
    began = time.monotonic()
    output = project.folder.parent / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=project.folder,
            env=project.environment | _KEY | place.environment | place.settings | variables,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )
        # The counters of an ended process are there until it is waited for.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    seconds = time.monotonic() - began
    counters = Path(f"/proc/{process.pid}/io").read_text(encoding="utf-8")
    counted = dict(line.split(": ") for line in counters.splitlines())
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, output.read_text("utf-8", errors="replace")
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(seconds, cpu, int(counted["wchar"]), int(counted["rchar"]), 0)

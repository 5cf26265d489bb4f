"""A repository whose stack has its state in another backend, and what every backend must do.

The state and its locks are read by Pulumi's commands and by the backend's own client, never as
local files.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sandbox.aws.seed import seed_account
from tests.e2e.conftest import Project
from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.dying import SLIPWAY, running, session_of, wait_until
from tests.e2e.faults.faults import Fault, faulty
from tests.e2e.faults.small import DECLARED, Small
from tests.e2e.vault import PROVIDER

_ACCOUNT: Final = "500000000001"
_HOLDER: Final = re.compile(r"is in use by \S+@\S+ \(process (?P<process>\d+), since \S+\)")
#: The settings of the GitHub provider in the tests: no pause between writes.
_FAST: Final = 'config:\n  github:parallelRequests: "true"\n  github:writeDelayMs: "0"\n'


@dataclass(frozen=True)
class Elsewhere(Small):
    """A small repository; the environment of its project names the backend."""

    #: The keys of Pulumi's files in the backend.
    files: Callable[[], list[str]]

    @property
    def locks(self) -> list[Path]:
        """The keys of the locks on this stack."""
        return [
            Path(key) for key in self.files() if f"/locks/organization/slipway/{self.name}/" in key
        ]

    def latest(self, part: str) -> list[Any]:
        """A list of the state."""
        exported = self.project.pulumi("stack", "export", "--stack", self.name).stdout
        found: list[Any] = json.loads(exported)["deployment"].get(part) or []
        return found


def elsewhere(project: Project, files: Callable[[], list[str]]) -> Elsewhere:
    """A new repository, its account, and its stack, which `slipway init` makes in the backend."""
    small = Elsewhere(project, "small", _ACCOUNT, files)
    repository = {"owner": "acme", "name": small.name, "files": {"README.md": "# Small\n"}}
    project.world.control("POST", "seed", {"repositories": [repository]})
    seed_account(project.world.record.aws_url, small.account)
    project.write(f"stacks/Pulumi.{small.name}.yaml", _FAST)
    project.slipway(
        *("init", small.name, "--owner", "acme", "--account", small.account),
        *("--region", "eu-west-1", "--assume-role", "slipway", "--yes"),
        *("--secrets-provider", PROVIDER),
    )
    project.write(f"stacks/{small.name}/small.yaml", f"repository: {small.name}\n{DECLARED}")
    return small


def assert_stands_a_kill(small: Elsewhere) -> None:
    """A run refuses a second one; killed half-way, the next run completes it, and is then quiet."""
    half_way: Fault = {"kind": "latency", "seconds": 60, "after": True, "method": "POST"}
    half_way |= {"path": f"{small.name}/environments/dev/variables$"}
    with (
        faulty(small.project.world, half_way) as struck,
        running(small, *SLIPWAY) as first,
    ):
        wait_until(lambda: struck()[0] > 0, first)
        (lock,) = small.locks
        refused = _HOLDER.search(small.slipway_up(expect=1))
        assert refused is not None
        assert session_of(int(refused["process"])) == first.pid
        assert small.locks == [lock]
    assert small.locks == [lock]
    said = small.slipway_up()
    assert f"removing the lock of process {refused['process']}, which ended" in said
    assert_converged(small)
    small.project.slipway("drift", small.name, "--no-preview")

"""The first steps of a job that are the same in two profiles: they are executed only once.

They are the same steps in the same folder with the same variables, and take most of a job's time,
because they install packages. Their results are copied before the first job continues, and restored
for the second one.
Deliberately absent: steps that read the results of other jobs.
"""

import re
import shutil
import subprocess
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

from tests.projects.actions import READ_BY_NONE
from tests.projects.workspace import Workspace

#: Members of a job that only concern its condition, and the consequences of its result.
_AROUND: Final = {"if", "needs", "steps", "outputs", "continue-on-error"}
#: Facts of a workspace that steps add to.
_ADDED: Final = ("env", "paths", "log", "summary", "annotations", "artifacts", "_count")


def alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """The number of first steps that two jobs have in common; none if their surroundings differ."""
    if _surroundings(one) != _surroundings(other) or _reads_results(_surroundings(one)):
        return 0
    pairs = zip(one["steps"], other["steps"], strict=False)
    return sum(1 for _ in takewhile(lambda pair: _same(*pair), pairs))


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return _done(one) == _done(other) and not _reads_results(one)


def _reads_results(part: Mapping[str, Any]) -> bool:
    """True if a part of a job mentions the jobs that it needs."""
    return re.search(r"\bneeds\b", str(part)) is not None


def _surroundings(job: Mapping[str, Any]) -> dict[str, Any]:
    strategy = {k: v for k, v in job.get("strategy", {}).items() if k != "fail-fast"}
    return {k: v for k, v in job.items() if k not in _AROUND} | {"strategy": strategy}


def _done(step: Mapping[str, Any]) -> dict[str, Any]:
    """The step without the parts that its stand-in ignores: version and some inputs."""
    if "uses" not in step:
        return dict(step)
    inputs = {k: v for k, v in step.get("with", {}).items() if k not in READ_BY_NONE}
    return {**step, "uses": step["uses"].partition("@")[0], "with": inputs}


@dataclass
class Beginning:
    """The first steps of one job, which two runs of it have in common."""

    steps: int
    """The number of these steps."""
    place: Path
    """The folder for the files that they leave."""
    progress: dict[str, Any] | None = None
    """The job's progress after them; None before they ran."""
    _added: dict[str, Any] | None = None

    def keep(self, workspace: Workspace, progress: dict[str, Any]) -> None:
        """Copy the folder."""
        self.place.parent.mkdir(exist_ok=True)
        # A tenth of the time of shutil.copytree.
        subprocess.run(["cp", "-a", workspace.folder, self.place], check=True)
        self.progress = deepcopy(progress)
        self._added = deepcopy({name: getattr(workspace, name) for name in _ADDED})

    def put_back(self, workspace: Workspace) -> dict[str, Any]:
        """Restore the workspace as it was after the steps, only once; return the job's progress."""
        assert self.progress is not None
        assert self._added is not None
        shutil.rmtree(workspace.folder)
        self.place.rename(workspace.folder)
        for name, value in self._added.items():
            setattr(workspace, name, value)
        workspace.uploaded.update(workspace.artifacts)
        return self.progress

"""The first steps of a job that are the same in two profiles: they are executed only once.

They are the same steps in the same folder with the same variables, and take most of a job's time,
because they install packages. Their results are copied before the first job continues, and restored
for the second one. Deliberately absent: jobs that need others, because they begin with the results
of those.
"""

import shutil
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

from tests.projects.actions import READ_BY_NONE
from tests.projects.workspace import Workspace

#: Members of a job that only concern the consequences of its result.
_AFTERWARDS: Final = {"steps", "continue-on-error"}
#: Facts of a workspace that steps add to.
_ADDED: Final = ("env", "paths", "log", "summary", "annotations", "artifacts", "_count")


def alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """The number of first steps that two jobs have in common; none if their surroundings differ."""
    if "needs" in one or _surroundings(one) != _surroundings(other):
        return 0
    pairs = zip(one["steps"], other["steps"], strict=False)
    return sum(1 for _ in takewhile(lambda pair: _done(pair[0]) == _done(pair[1]), pairs))


def _surroundings(job: Mapping[str, Any]) -> dict[str, Any]:
    strategy = {k: v for k, v in job.get("strategy", {}).items() if k != "fail-fast"}
    return {k: v for k, v in job.items() if k not in _AFTERWARDS} | {"strategy": strategy}


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
        shutil.copytree(workspace.folder, self.place, symlinks=True)
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

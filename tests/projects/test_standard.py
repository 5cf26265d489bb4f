"""The table by the profile `standard`: see `judged`."""

from pathlib import Path

import pytest

from tests.projects.judged import judge
from tests.projects.machine import Machine
from tests.projects.prepared import run_project
from tests.projects.table import BY_NAME


@pytest.mark.parametrize("name", BY_NAME)
def test_the_repository_in_the_profile(name: str, machine: Machine, tmp_path: Path) -> None:
    """In the standard profile nothing stops the deployment, and each failure is reported."""
    run = run_project(BY_NAME[name], "standard", machine, tmp_path)
    judge(run, BY_NAME[name], strict=False)

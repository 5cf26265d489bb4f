"""The table by the profile `strict`: see `judged`."""

from pathlib import Path

import pytest

from tests.projects.judged import judge
from tests.projects.machine import Machine
from tests.projects.prepared import run_project
from tests.projects.table import BY_NAME


@pytest.mark.parametrize("name", BY_NAME)
def test_the_repository_in_the_profile(name: str, machine: Machine, tmp_path: Path) -> None:
    """In the strict profile blocking results stop the deployment, and each is reported."""
    run = run_project(BY_NAME[name], "strict", machine, tmp_path)
    judge(run, BY_NAME[name], strict=True)

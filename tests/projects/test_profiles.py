"""Every repository of the table with the profiles `standard` and `strict`; see `judged`."""

from pathlib import Path

import pytest

from tests.projects.judged import judge
from tests.projects.machine import Machine
from tests.projects.prepared import Prepared
from tests.projects.table import BY_NAME


@pytest.mark.parametrize("name", BY_NAME)
def test_the_repository_in_the_profiles(name: str, machine: Machine, tmp_path: Path) -> None:
    """Every problem is reported; only the strict profile stops the deployment because of one."""
    prepared = Prepared.of(BY_NAME[name], machine, tmp_path)
    for profile, run in prepared.runs("standard", "strict"):
        judge(run, BY_NAME[name], strict=profile == "strict")

"""The disk with the state is full: the last complete state is put back, `slipway up` continues.

The folder of the state is a tmpfs that has room for only a part of the state. It is mounted in a
mount namespace of this run (unshare(1)): no other process sees it. The mount needs no privileges if
the system allows users to create namespaces.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.faults.small import COMMITS, SHELL, Small

pytestmark = pytest.mark.slow

NAMESPACE = ("unshare", "--map-root-user", "--mount", "sh", "-c")
#: Runs the given command with only SIZE bytes for the folder of STATE, and keeps the resulting
#: state file as LEFT.
FULL = """\
cp "$STATE" "$LEFT"
mount -t tmpfs -o "size=$SIZE" tmpfs "${STATE%/*}" && cp "$LEFT" "$STATE" || exit 99
"$@"
code=$?
cp "$STATE" "$LEFT"
exit "$code"
"""


def is_whole(checkpoint: Path) -> bool:
    """True if the file is JSON: the failed run copies its incomplete state into the history."""
    try:
        json.loads(checkpoint.read_bytes())
    except ValueError:
        return False
    return True


def test_a_full_disk_spoils_the_state_and_no_more(small: Small, tmp_path: Path) -> None:
    """Pulumi leaves an incomplete state; with the last complete one, no object is created twice."""
    if subprocess.run((*NAMESPACE, "mount -t tmpfs tmpfs /mnt"), check=False).returncode:
        pytest.skip("this system gives users no mount namespace")
    small.up()
    declaration = small.project.folder / f"stacks/{small.name}/small.yaml"
    text = declaration.read_text(encoding="utf-8")
    value = "y" * 30_000
    declaration.write_text(text.replace("warning}", f"warning, X: {value}}}"), encoding="utf-8")
    left = tmp_path / "left.json"
    place = {"STATE": str(small.state), "LEFT": str(left)}
    # Room for the state as it is; with the variable, as input and output, it is 60 kB larger.
    size = str(small.state.stat().st_size + 20_000)
    command = ("pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack")
    run = (*NAMESPACE, FULL, "sh", *command, small.name)
    done = small.project.run(*run, expect=1, SIZE=size, **place, **SHELL)
    assert "no space left on device" in done.stdout + done.stderr
    shutil.copy(left, small.state)
    assert "unexpected end of JSON" in small.up(expect=1)

    history = small.backend / f"history/slipway/{small.name}"
    whole = [path for path in history.glob("*.checkpoint.json") if is_whole(path)]
    shutil.copy(max(whole), small.state)
    small.slipway_up()
    variables = small.github("environments/test/variables")["variables"]
    assert ("X", value) in {(variable["name"], variable["value"]) for variable in variables}
    subjects = [commit["commit"]["message"] for commit in small.github("commits?sha=main")]
    assert sorted(subject for subject in subjects if "slipway" in subject) == COMMITS
    assert (small.pending(), small.locks) == (set(), [])
    small.pulumi("preview", "--refresh", "--expect-no-changes")

"""The disk that holds the state is full: what to put back, and that `slipway up` does the rest.

The folder of the state is a tmpfs with room for part of a state only, in a mount namespace of the
run's own (unshare(1)): no other process sees it, and no rights are needed where users may
have namespaces.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.faults.small import COMMITS, SHELL, Small

pytestmark = pytest.mark.slow

NAMESPACE = ("unshare", "--map-root-user", "--mount", "sh", "-c")
#: Runs what is given with SIZE bytes for the folder of STATE; what then is there is kept as LEFT.
FULL = """\
cp "$STATE" "$LEFT"
mount -t tmpfs -o "size=$SIZE" tmpfs "${STATE%/*}" && cp "$LEFT" "$STATE" || exit 99
"$@"
code=$?
cp "$STATE" "$LEFT"
exit "$code"
"""


def is_whole(checkpoint: Path) -> bool:
    """The run that met the full disk copies its half state into the history as well."""
    try:
        json.loads(checkpoint.read_bytes())
    except ValueError:
        return False
    return True


def test_a_full_disk_spoils_the_state_and_no_more(small: Small, tmp_path: Path) -> None:
    """Pulumi leaves half a state; with the last whole one, nothing is made twice or forgotten."""
    if subprocess.run((*NAMESPACE, "mount -t tmpfs tmpfs /mnt"), check=False).returncode:
        pytest.skip("this system gives users no mount namespace")
    small.up()
    declaration = small.project.folder / f"stacks/{small.name}/small.yaml"
    text = declaration.read_text(encoding="utf-8")
    declaration.write_text(text.replace("warning}", "warning, X: y}"), encoding="utf-8")
    left = tmp_path / "left.json"
    place = {"STATE": str(small.state), "LEFT": str(left)}
    size = str(small.state.stat().st_size * 5 // 4)
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
    variables = small.github("environments/prod/variables")["variables"]
    assert ("X", "y") in {(variable["name"], variable["value"]) for variable in variables}
    # The new variable is in a workflow file: one more commit, and not two.
    subjects = [commit["commit"]["message"] for commit in small.github("commits?sha=main")]
    assert sorted(subject for subject in subjects if "slipway" in subject) == sorted(
        [*COMMITS, COMMITS[1]]
    )
    assert (small.pending(), small.locks) == (set(), [])
    small.pulumi("preview", "--refresh", "--expect-no-changes")

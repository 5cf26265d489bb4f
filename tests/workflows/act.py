"""Run one workflow file by act, in folders of its own and without the network.

act is the program, its jobs are processes of this machine (`-self-hosted`). Known to differ from
GitHub in act 0.2.89, and not made up for:
- a job's `environment`, `permissions` and `concurrency` mean nothing;
- a job that fails counts as failed for what needs it, in spite of `continue-on-error`;
- the result of one job of a matrix is not told apart from the others', and of their outputs only
  the first one's count;
- all jobs share one home, though each has its own workspace and RUNNER_TEMP.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

#: Seconds that one run may take.
PATIENCE: Final = 150
#: Nothing listens there: whatever wants to leave this machine fails at once.
_NOWHERE: Final = "http://127.0.0.1:9"


def write_private(path: Path, content: object) -> Path:
    """Write JSON, which act reads as YAML, for this user alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file)
    return path


def run_act(folder: Path, event: str, path: str, arguments: Sequence[str]) -> list[dict[str, Any]]:
    """The log of act's run, entry by entry.

    Args:
        folder: the run's own: home, caches and workspaces are made below it.
        event: its name.
        path: PATH of the jobs.
        arguments: further ones for act.
    """
    act = Path(sys.executable).with_name("act")
    command = [str(act), event, "-P", "ubuntu-latest=-self-hosted", "--json", *_ISOLATED]
    command += [f"--directory={folder}", f"--action-cache-path={folder / 'cache/act'}", *arguments]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=_environment(folder, path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            output, errors = process.communicate(timeout=PATIENCE)
        finally:
            # Its jobs are in process groups of their own: act has to end them itself.
            process.terminate()
    entries = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert any("jobResult" in entry for entry in entries), f"act ran nothing:\n{errors}"
    return entries


_ISOLATED: Final = (
    "--no-skip-checkout",
    "--no-cache-server",
    "--pull=false",
    "--rebuild=false",
    "--rm",
    "--container-daemon-socket=-",
    f"--input-file={os.devnull}",
)


def _environment(folder: Path, path: str) -> Mapping[str, str]:
    """All that act, and therefore every job, sees of this machine's environment."""
    folders = {"HOME": "home", "TMPDIR": "tmp", "XDG_CACHE_HOME": "cache", "XDG_CONFIG_HOME": "cfg"}
    for name in folders.values():
        (folder / name).mkdir()
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), _NOWHERE)
    return {
        "PATH": path,
        "LANG": "C.UTF-8",
        "ACT_DISABLE_VERSION_CHECK": "1",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        **{name: str(folder / below) for name, below in folders.items()},
        **proxies,
    }

"""Run one workflow file with act, in its own folders and without the network.

act is the program, its jobs are processes of this machine (`-self-hosted`). Known differences
between act 0.2.89 and GitHub that are not compensated:
- a job's `environment`, `permissions` and `concurrency` have no effect;
- a failed job counts as failed for jobs that need it, in spite of `continue-on-error`;
- the results of a matrix's jobs are not distinguished, and only the first job's outputs count;
- jobs run one after the other, those of a matrix too: its cache of actions is not safe for more;
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
#: Nothing listens there: every connection out of this machine fails at once.
_NOWHERE: Final = "http://127.0.0.1:9"


def write_private(path: Path, content: object) -> Path:
    """Write JSON, which act reads as YAML, with access for this user only."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file)
    return path


def run_act(folder: Path, event: str, path: str, arguments: Sequence[str]) -> list[dict[str, Any]]:
    """Run act, and return its log entry by entry.

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
            # Its jobs are in their own process groups, so only act can end them.
            process.terminate()
    entries = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert any("jobResult" in entry for entry in entries), f"act ran nothing:\n{errors}"
    return entries


_ISOLATED: Final = (
    # Jobs that begin together crash act 0.2.89, or hang it: they write one map of local actions
    # without a lock (pkg/runner/local_repository_cache.go, Fetch).
    "--concurrent-jobs=1",
    "--no-skip-checkout",
    "--no-cache-server",
    "--pull=false",
    "--rebuild=false",
    "--rm",
    "--container-daemon-socket=-",
    f"--input-file={os.devnull}",
)


def _environment(folder: Path, path: str) -> Mapping[str, str]:
    """Return the variables that act, and therefore every job, gets from this machine."""
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

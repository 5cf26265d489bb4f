"""A process with the server, in place of a whole sandbox."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.home import PROJECT

_PROGRAM = """
import sys
from pathlib import Path
from sandbox.preloaded.server import start
stop = start(Path(sys.argv[1]))
print(flush=True)
sys.stdin.read()
stop()
"""


@contextmanager
def running(home: Path, *modules: Path) -> Iterator[subprocess.Popen[str]]:
    """The process of a sandbox in `home`; it ends with the block or when its input is closed.

    Args:
        home: the sandbox's home.
        modules: folders with programs that the server can import.
    """
    path = os.pathsep.join(str(folder) for folder in (*modules, PROJECT))
    # With it, the server's own streams would already be unbuffered.
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, home],
        env=inherited | {"PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "\n"
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(10)


def children(pid: int) -> list[int]:
    """The ids of the process's children, ended ones included until their parent waits for them."""
    return [
        int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    ]


def alive(pid: int) -> bool:
    """Whether the process runs."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"

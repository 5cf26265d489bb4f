"""The command `slipway` of a shell, as a fork of the process that `forked` has.

It is a function of the shell, which finds the program on PATH like every command, and then starts
it as the sandbox starts its programs (`sandbox.preloaded`): a start takes a tenth of the CPU.
"""

import os
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from operations.cli import main as slipway
from sandbox.home import PROJECT
from sandbox.preloaded import start_lines
from sandbox.preloaded.launcher import SOCKET
from tests.e2e.forked import serving


@contextmanager
def typed_slipway(folder: Path) -> Iterator[str]:
    """The function, as lines for a shell; the folder is for its own files."""
    script = folder / "slipway"
    with serving(folder):
        while not (folder / SOCKET).exists():
            time.sleep(0.01)
        script.write_text(f"#!/bin/sh\n{start_lines(folder, __name__)}", encoding="utf-8")
        script.chmod(0o755)
        program = shlex.quote(str(PROJECT / ".venv/bin/slipway"))
        yield (
            "slipway() {\n"
            f'  [ "$(type -P slipway)" -ef {program} ] || return 127\n'
            f'  {shlex.quote(str(script))} "$@"\n'
            "}"
        )


def preload() -> None:
    """Load nothing more: the process has all that a command needs."""


def main() -> int:
    """Be the command."""
    sys.stdin = os.fdopen(0, closefd=False)
    return slipway()


if __name__ == "__main__":
    sys.exit(main())

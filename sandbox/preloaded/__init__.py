"""A fast start of the language host, of the sandbox's AWS plugin and of the Pulumi program.

An engine run starts the language host twice and a plugin for each account, and each start imports
gRPC. The program imports the SDKs of its providers. A running sandbox therefore has a process that
has imported them once (`server`). In place of each of them a small program starts: `launcher`, or
the same in Go (`engine/cli/launcher`) where the engine is built here. It hands its arguments,
environment, working directory and standard streams to that process, which forks a child that does
the work. `start_lines` and `program_start` say when this is done.

Without a running sandbox, and if the server refuses, they start directly. The server refuses a
launcher of another checkout or another Python, and a module whose files changed after the sandbox
started. The launcher finds the server by the sandbox's home, which is in the scripts of plugin and
language host. An environment variable would be less certain, because an engine may run with another
environment than the one that `slipway sandbox env` prints.
"""

import shlex
import sys
from pathlib import Path
from typing import Final

from sandbox.preloaded.launcher import SOCKET

#: With the value `off` of this variable everything starts directly, to measure what users have.
SETTING: Final = "SLIPWAY_SANDBOX_PRELOADED"
#: The launcher in Go, in the folder of a sandbox's engine.
FAST: Final = "slipway-launcher"
#: gRPC imports these with its first server, so each program would import them anew.
OF_A_SERVER: Final = ("grpc._server", "grpc._utilities")
_LAUNCHER: Final = Path(__file__).with_name("launcher.py")


def fast_launcher(home: Path) -> Path:
    """The place of the launcher in Go, which is there if the engine was built here."""
    return home / "engine" / FAST


def start_lines(home: Path, module: str, *arguments: str) -> str:
    """The lines of a shell script that run a module with these arguments and the script's own."""
    command = shlex.join([module, *arguments]) + ' "$@"'
    python, launcher, folder, fast = (
        shlex.quote(str(path)) for path in (sys.executable, _LAUNCHER, home, fast_launcher(home))
    )
    return (
        f'if [ -S {folder}/{SOCKET} ] && [ "${SETTING}" != off ]; then\n'
        f"[ -x {fast} ] && exec {fast} {python} {launcher} {folder} {command}\n"
        f"exec {python} -I -S {launcher} {folder} {command}\n"
        "fi\n"
        # -P: no file in the working directory is imported in place of our modules.
        f"exec {python} -P -m {command}\n"
    )

"""The command that starts a Pulumi program: if possible in the sandbox's preloaded process.

A program of this checkout imports the SDKs of Pulumi, GitHub and AWS, pydantic and more: 0.8 s of
CPU in each engine run, and 0.2 s for its own packages. The preloaded process has imported all of
them. A run imports the program's own packages anew if one of their files has changed, and if it is
another checkout's program.

These programs start directly: one of another virtual environment, and one for whose Python settings
are given (variables `PYTHON...`), because these act only at the start of Python.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sandbox.preloaded import SETTING, fast_launcher
from sandbox.preloaded.launcher import SOCKET

_LAUNCHER: Final = Path(__file__).with_name("launcher.py")
#: Settings that make no difference to a program: bytecode is written or not.
_HARMLESS: Final = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}


def program_command(
    home: Path, python: Path, environment: Mapping[str, str], module: str
) -> list[str | Path] | None:
    """The command that lets the sandbox in `home` run the module; None for a direct start.

    The module gets the path of the project's interpreter as its argument.

    Args:
        home: the sandbox's home.
        python: the project's interpreter.
        environment: the program's variables.
        module: the program's starter, a module of this checkout.
    """
    if not (home / SOCKET).is_socket() or python.parent.parent.resolve() != _own_environment():
        return None
    if environment.get(SETTING) == "off":
        return None
    if any(name.startswith("PYTHON") and name not in _HARMLESS for name in environment):
        return None
    fast = fast_launcher(home)
    start = (fast, sys.executable) if fast.exists() else (sys.executable, "-I", "-S")
    return [*start, _LAUNCHER, home, module, python]


def _own_environment() -> Path:
    return Path(sys.prefix).resolve()

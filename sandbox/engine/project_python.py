"""The Python that runs a project, and its installed packages.

It supports the runtime options `virtualenv` and `toolchain` (pip and uv) and refuses others.
Deliberately absent: making virtual environments, installing packages, running type checkers.
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LIST_PACKAGES = """
import importlib.metadata, json
print(json.dumps({d.name: d.version for d in importlib.metadata.distributions()}))
"""


class ProjectPythonError(Exception):
    """The project needs a Python that does not exist, or an option that is not supported here."""


@dataclass(frozen=True)
class ProjectPython:
    """The interpreter of one project, and its environment variables."""

    executable: Path
    environment: Mapping[str, str]

    def output(self, *arguments: str) -> str:
        """Run the interpreter and return its output."""
        done = subprocess.run(  # noqa: S603 - the user's own interpreter
            [self.executable, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def version(self) -> str:
        """Return the version of the interpreter, such as `3.11.9`.

        The engine asks for it in each run, so this Python is not started to ask it.
        """
        if self.executable.resolve() == Path(sys.executable).resolve():
            return platform.python_version()
        return self.output("-c", "import platform; print(platform.python_version())")

    def packages(self) -> dict[str, str]:
        """Return all installed distributions with their versions."""
        listed: dict[str, str] = json.loads(self.output("-c", _LIST_PACKAGES))
        return listed


def project_python(root: Path, options: Mapping[str, Any]) -> ProjectPython:
    """Return the Python for the project in `root`, given its runtime options."""
    toolchain = options.get("toolchain") or "pip"
    if toolchain not in {"pip", "uv"}:
        raise ProjectPythonError(
            f"Pulumi.yaml asks for the toolchain {toolchain!r}, but this language host knows pip "
            "and uv: use one of these, or install the official Pulumi CLI."
        )
    if typechecker := options.get("typechecker"):
        raise ProjectPythonError(
            f"Pulumi.yaml asks for the type checker {typechecker!r}, but this language host runs "
            "none: remove the option, or install the official Pulumi CLI."
        )
    virtualenv = options.get("virtualenv")
    if not virtualenv and toolchain == "uv":
        virtualenv = os.environ.get("UV_PROJECT_ENVIRONMENT", ".venv")
    if not virtualenv:
        return ProjectPython(Path(sys.executable), os.environ)
    folder = root / str(virtualenv)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    executable = scripts / ("python.exe" if os.name == "nt" else "python")
    if not executable.exists():
        raise ProjectPythonError(
            f"Pulumi.yaml names the virtual environment {virtualenv}, but there is no "
            f"{executable}: create it, install the project's requirements and run again."
        )
    return ProjectPython(executable, _activated(folder, scripts))


def _activated(folder: Path, scripts: Path) -> dict[str, str]:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONHOME"}
    environment["VIRTUAL_ENV"] = str(folder)
    environment["PATH"] = os.pathsep.join([str(scripts), os.environ.get("PATH", os.defpath)])
    return environment

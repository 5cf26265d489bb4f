"""The machine of a job: the programs of GitHub's image that workflows use, offline.

Deliberately absent: everything else of that image, and the user's own PATH, home and settings.
"""

import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.projects.loaded import running_tools
from tests.projects.templates import template
from tests.workflows.aws_cli import running_cli
from tests.workflows.wheels import pack_installed, write_module_wheel

#: Programs of GitHub's image.
_PROGRAMS: Final = ("git", "jq", "unzip", "zip")
#: Those with a script of ours before them: NAME.sh, in which the name in capitals is the program.
_WRAPPED: Final = ("bash", "node")
#: The packages that a workflow may install.
_PACKAGES: Final = ("bandit", "flake8", "pytest", "pytest-cov")


@dataclass(frozen=True)
class Machine:
    """Folders that all runs of the tests share, and no run changes."""

    programs: Path
    """The first folder of a job's PATH."""
    wheels: Path
    """The packages that pip can install."""
    templates: Mapping[str, Path]
    """Environments that jobs get a copy of, by name: `bare` has only pip, `checks` the tools too.

    Installing the tools anew would be most of a check's time; `tests/projects` does that.
    """
    python: str
    """The interpreter of the stand-ins for actions."""
    loaded: Mapping[str, str]
    """Variables of tools that are ready; see `tests.projects.loaded`."""


@contextmanager
def running_machine(folder: Path) -> Iterator[Machine]:
    """Make the folders, and keep the AWS CLI and the checks' tools ready.

    Raises:
        FileNotFoundError: a program that workflows need is not installed.
    """
    templates = {name: template(name) / "copy" for name in ("bare", "checks")}
    programs, wheels = folder / "programs", folder / "wheels"
    for made in (programs, wheels):
        made.mkdir(parents=True)
    for name in ("python", "python3"):
        # The link to the interpreter itself leaves out the packages of the tests, which belong to
        # its virtual environment.
        (programs / name).symlink_to(Path(sys.executable).resolve())
    for name in _PROGRAMS:
        (programs / name).symlink_to(_found(name))
    for name in _WRAPPED:
        script = Path(__file__).with_name(f"{name}.sh").read_text(encoding="utf-8")
        (programs / name).write_text(script.replace(name.upper(), shlex.quote(_found(name))))
        (programs / name).chmod(0o755)
    pack_installed(_PACKAGES, wheels)
    write_module_wheel(wheels, "greeting", "1.0", 'WORD = "hello"\n')
    checks = template("checks")
    with running_cli(programs / "aws"), running_tools(checks, checks) as loaded:
        yield Machine(programs, wheels, templates, sys.executable, loaded)


def _found(name: str) -> str:
    """Return the path of a program of this machine."""
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"the workflows' tests need {name} on PATH")
    return found

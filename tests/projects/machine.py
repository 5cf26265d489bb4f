"""The machine of the jobs: programs, fresh Python environments, and two package indexes.

As on GitHub's machines, only the machine's configuration, of the lowest precedence, and a proxy
tell pip, uv and poetry where the indexes are. Environments are copies of `templates`.
"""

import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tests.projects.index import PRIVATE, PUBLIC, Index
from tests.projects.loaded import running_tools
from tests.projects.templates import template
from tests.projects.wheels import wheels
from tests.workflows.wheels import write_module_wheel

#: The password of the private index, which must not appear in a log.
PASSWORD: Final = "only-in-the-private-index"
_PIP: Final = f"""[global]
index-url = http://{PUBLIC}/simple/
trusted-host = {PUBLIC} {PRIVATE}
disable-pip-version-check = true
no-compile = true
"""
_UV: Final = f'[[index]]\nurl = "http://{PUBLIC}/simple/"\ndefault = true\n'
#: A stand-in for `aws`, which records its calls and prints what scripts wait for.
_AWS: Final = """#!/bin/sh
echo "$*" >> "$AWS_CALLS"
case "$*" in
  *get-caller-identity*) echo "arn:aws:sts::111111111111:assumed-role/slipway/run" ;;
  *publish-version*) echo 7 ;;
  *) ;;
esac
"""


@dataclass(frozen=True)
class Machine:
    """Folders that all jobs share, and no job changes."""

    folder: Path
    index: Index
    loaded: Mapping[str, str]
    """Variables of tools that are ready; see `loaded`."""

    @property
    def env(self) -> dict[str, str]:
        """Variables of every job."""
        return {
            "PATH": f"{self.folder / 'programs'}:/usr/local/bin:/usr/bin:/bin",
            "XDG_CONFIG_DIRS": str(self.folder / "configuration"),
            "LANG": "C.UTF-8",
            "http_proxy": self.index.address,
            "https_proxy": self.index.address,
            "no_proxy": "127.0.0.1,localhost",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": "X64",
            **self.loaded,
        }

    def environment(self, name: str, place: Path) -> None:
        """Put a copy of a template there."""
        shutil.copytree(_copied(name), place, symlinks=True)


@contextmanager
def running_machine(folder: Path) -> Iterator[Machine]:
    """Create the machine in an empty folder, and serve its indexes."""
    public, private, programs = (folder / name for name in ("public", "private", "programs"))
    for made in (
        public,
        private,
        programs,
        folder / "configuration/pip",
        folder / "configuration/uv",
    ):
        made.mkdir(parents=True)
    for wheel in wheels().iterdir():
        (public / wheel.name).symlink_to(wheel)
    for module in ("greeting", "wordlist"):
        write_module_wheel(public, module, "1.0", 'WORD = "hello"\n')
    # pytest needs this package on Windows, and lock files are for all systems.
    write_module_wheel(public, "colorama", "0.4.6", "")
    write_module_wheel(private, "internal", "2.0", 'WORD = "among us"\n')
    (folder / "configuration/pip/pip.conf").write_text(_PIP)
    (folder / "configuration/uv/uv.toml").write_text(_UV)
    (programs / "aws").write_text(_AWS)
    (programs / "aws").chmod(0o755)
    for name in ("python", "python3"):
        # The link to the interpreter itself leaves out the packages of the tests, which belong to
        # its virtual environment.
        (programs / name).symlink_to(Path(sys.executable).resolve())
    with (
        Index({PUBLIC: public, PRIVATE: private}, PASSWORD) as index,
        running_tools(template("tools"), template("tests")) as loaded,
    ):
        yield Machine(folder, index, loaded)


@cache
def _copied(name: str) -> Path:
    return template(name) / "copy"

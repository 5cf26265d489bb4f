"""The machine of the jobs: programs, fresh Python environments, and two package indexes.

As on GitHub's machines, only the machine's configuration, of the lowest precedence, and a proxy
tell pip, uv and poetry where the indexes are. Environments are hard-linked copies of templates,
which are kept beside the wheels: a job gets its own in some hundredths of a second.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.projects.index import PRIVATE, PUBLIC, Index
from tests.projects.wheels import kept, wheels
from tests.workflows.wheels import write_module_wheel

#: Templates by name, with their packages besides pip.
TEMPLATES: Final = {
    "bare": (),
    "tools": ("flake8", "bandit"),
    "tests": ("pytest", "pytest-cov"),
    "checks": ("flake8", "bandit", "pytest", "pytest-cov"),
    "lockers": ("uv", "poetry"),
}
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
        }

    def environment(self, template: str, place: Path) -> None:
        """Copy a template; its scripts start the copy's interpreter."""
        source = kept() / template
        copied = subprocess.run(
            ["cp", "-al", source, place], check=False, capture_output=True, text=True
        )
        if copied.returncode != 0:  # another file system: hard links do not work there
            subprocess.run(["cp", "-a", source, f"{place}.unfinished"], check=True)
            subprocess.run(["rm", "-rf", place], check=True)
            Path(f"{place}.unfinished").rename(place)
        old, new = (f"#!{folder}/bin/".encode() for folder in (source, place))
        for script in (place / "bin").iterdir():
            if script.is_symlink() or not (content := script.read_bytes()).startswith(old):
                continue
            script.unlink()
            script.write_bytes(content.replace(old, new, 1))
            script.chmod(0o755)


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
    # Lock files are for all systems: pytest needs this package on Windows.
    write_module_wheel(public, "colorama", "0.4.6", "")
    write_module_wheel(private, "internal", "2.0", 'WORD = "among us"\n')
    (folder / "configuration/pip/pip.conf").write_text(_PIP)
    (folder / "configuration/uv/uv.toml").write_text(_UV)
    (programs / "aws").write_text(_AWS)
    (programs / "aws").chmod(0o755)
    for name in ("python", "python3"):
        # Without the packages of the tests: those belong to the environment that the link points
        # to.
        (programs / name).symlink_to(Path(sys.executable).resolve())
    _make_templates()
    with Index({PUBLIC: public, PRIVATE: private}, PASSWORD) as index:
        yield Machine(folder, index)


def kept_template(name: str) -> Path:
    """The folder of a template, which is made if need be."""
    wheels()
    _make_templates()
    return kept() / name


def _make_templates() -> None:
    with (kept() / "lock").open("w") as lock:  # one process creates them, the others wait
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name, packages in TEMPLATES.items():
            if not (kept() / name / "made").exists():
                _make_template(kept() / name, packages)


def _make_template(place: Path, packages: tuple[str, ...]) -> None:
    """Create an environment with the locked pip: the interpreter's own may be years old."""
    env = {"PATH": os.environ["PATH"], "HOME": str(place)}
    subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", place], check=True)
    (pip,) = (kept() / "wheels").glob("pip-*.whl")
    install = (
        "install",
        "--quiet",
        "--no-index",
        "--find-links",
        str(kept() / "wheels"),
        "pip",
        *packages,
    )
    subprocess.run([place / "bin/python", f"{pip}/pip", *install], env=env, check=True)
    (place / "made").touch()

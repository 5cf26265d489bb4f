"""Python environments for jobs: the packages are installed once, and every copy refers to them.

A template has two folders. `home` is the environment with its packages, which no job changes.
`copy` has the same programs and an empty folder for packages, whose one `.pth` file names those of
`home`: a job gets a copy of it in a hundredth of a second. pip sees the packages of `home` as
installed but outside of the environment, so it neither replaces nor removes them there. Programs of
a copy start the interpreter beside them, and `python -m venv` takes its pip from `seeding`.
Templates are kept beside the wheels, by their recipe.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.projects import loaded, repeated
from tests.projects.wheels import kept, wheels

#: Templates by name, with their packages besides pip.
TEMPLATES: Final = {
    "bare": (),
    "tools": ("flake8", "bandit"),
    "tests": ("pytest", "pytest-cov"),
    "checks": ("flake8", "bandit", "pytest", "pytest-cov"),
    "lockers": ("uv", "poetry"),
}
#: The first lines of a Python program that starts with the interpreter in its own folder.
_BESIDE: Final = """#!/bin/sh
'''exec' "${0%/*}/python" "$0" "$@"
' '''
"""
#: Python runs this when it starts in a copy.
_PTH: Final = """\
import site; site.addsitedir({full!r})
import sys; sys.orig_argv[1:3] == ["-m", "venv"] and __import__("runpy").run_path({seeding!r})
"""
_SEEDING: Final = Path(__file__).with_name("seeding.py")
#: pip takes half a second to report that packages are installed. For plain names of packages in the
#: template, and for files that name none, this program reports it; it passes all other commands to
#: pip.
_PIP: Final = """#!/bin/sh
installed=PACKAGES
known() {
  [ "$1" = install ] && [ $# -gt 1 ] && shift || return
  while [ $# -gt 0 ]; do
    if [ "$1" = -r ] && [ -f "$2" ] && ! grep -q '[^[:space:]]' "$2"; then shift 2; continue; fi
    case " $installed " in *" $1 "*) shift ;; *) return 1 ;; esac
  done
}
if known "$@"; then
  shift
  while [ $# -gt 0 ]; do
    if [ "$1" = -r ]; then shift 2; continue; fi
    echo "Requirement already satisfied: $1"
    shift
  done
  exit 0
fi
exec "${0%/*}/python" -m pip "$@"
"""


def template(name: str) -> Path:
    """Return the folder of a template; make the template if it does not exist."""
    packages = TEMPLATES[name]
    texts = (file.read_text(encoding="utf-8") for file in (Path(__file__), _SEEDING))
    recipe = "\n".join([*packages, repeated.HEAD, *map(loaded.head, loaded.TOOLS), *texts])
    place = kept() / f"{name}-{hashlib.sha256(recipe.encode()).hexdigest()[:16]}"
    found = wheels()
    with (kept() / "lock").open("w") as lock:  # one process makes it, the others wait
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "copy").exists():
            _make_home(place / "home", packages, found)
            _make_copy(place, packages, _seeding())
    return place


def _make_home(home: Path, packages: tuple[str, ...], found: Path) -> None:
    """Create the environment with the locked pip; the interpreter's own pip may be years old."""
    env = {"PATH": os.environ["PATH"], "HOME": str(home)}
    subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", home], check=True)
    (pip,) = found.glob("pip-*.whl")
    options = ("install", "--quiet", "--no-index", "--find-links", str(found))
    command = [str(home / "bin/python"), f"{pip}/pip", *options, "pip", *packages]
    subprocess.run(command, env=env, check=True)


def _seeding() -> Path:
    """Return the kept copy of `seeding`, beside its environment; make both if they do not exist."""
    text = _SEEDING.read_bytes()
    place = kept() / f"venv-{hashlib.sha256(text).hexdigest()[:16]}"
    file = place / _SEEDING.name
    if not file.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", place / "seeded"], check=True)
        file.write_bytes(text)
    return file


def _make_copy(place: Path, packages: tuple[str, ...], seeding: Path) -> None:
    home, draft = place / "home", place / "copy.unfinished"
    shutil.rmtree(draft, ignore_errors=True)
    (full,) = home.glob("lib/python*/site-packages")
    own = draft / full.relative_to(home)
    own.mkdir(parents=True)
    pth = _PTH.format(full=str(full), seeding=str(seeding))
    (own / "template.pth").write_text(pth)
    shutil.copy(home / "pyvenv.cfg", draft)
    shutil.copytree(home / "bin", draft / "bin", symlinks=True)
    for program in (draft / "bin").iterdir():
        shebang, _, rest = "", "", ""
        if not program.is_symlink():
            shebang, _, rest = program.read_text(encoding="utf-8", errors="replace").partition("\n")
        if shebang.startswith(f"#!{home}/bin/python"):
            program.write_text(_head(program.name) + rest, encoding="utf-8")
    if packages:
        pip = _PIP.replace("PACKAGES", f'"{" ".join(packages)}"')
        (draft / "bin/pip").write_text(pip, encoding="utf-8")
    draft.rename(place / "copy")


def _head(name: str) -> str:
    """Return the first lines of a program."""
    head = repeated.HEAD if name in repeated.TOOLS else _BESIDE
    if name not in loaded.TOOLS:
        return head
    return head.replace('/python" ', f'/python" {loaded.option(name)} ') + loaded.head(name)

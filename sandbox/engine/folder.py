"""The folder to put first on PATH: links to CLI and plugin, and our language host if needed.

It belongs to one checkout, because the language host runs in the checkout's Python. Each file is
replaced atomically, so that a Pulumi run that uses the folder at the same time is not disturbed.
"""

import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sandbox.preloaded import FAST, start_lines

#: The CLI that is built here looks for this program beside itself (cli/zxcvbn).
VALUE_STRENGTH = "pulumi-value-strength"
#: The programs that are built with the CLI.
BESIDE = (VALUE_STRENGTH, FAST)
_MARK = ".slipway-engine"
_CHECKOUT = Path(__file__).parents[2]


def engine_folder() -> Path:
    """Return the folder for this checkout, which need not exist yet."""
    home = os.environ.get("SLIPWAY_SANDBOX_HOME") or _CHECKOUT / ".sandbox"
    return Path(home).absolute() / "engine"


def is_engine_folder(folder: Path) -> bool:
    """Return whether `fill` made the folder, for this checkout or another one."""
    return (folder / _MARK).exists()


def fill(
    folder: Path,
    *,
    cli: Path,
    github_plugin: Path,
    own_language_host: bool,
    beside: Sequence[Path] = (),
) -> None:
    """Fill the folder with exactly these files; the official CLI has none of `BESIDE`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()
    if own_language_host:
        # A CLI accepts a language host without a warning if both are in one folder after all
        # symbolic links are resolved. Therefore it is a hard link, or a copy on another disk.
        _place(folder / "pulumi", cli)
        _write_script(folder / "pulumi-language-python")
    else:
        # The official CLI finds its own language host beside the target of this link.
        _link(folder / "pulumi", cli)
        (folder / "pulumi-language-python").unlink(missing_ok=True)
    for program in beside:
        _link(folder / program.name, program)
    for name in set(BESIDE) - {program.name for program in beside}:
        (folder / name).unlink(missing_ok=True)
    _link(folder / "pulumi-resource-github", github_plugin)


def _place(path: Path, target: Path) -> None:
    if path.exists() and not path.is_symlink() and _is_same(path, target):
        return
    with _replaced(path) as new:
        try:
            os.link(target, new)
        except OSError:  # another disk
            shutil.copy2(target, new)


def _is_same(path: Path, target: Path) -> bool:
    """Whether a file is the target itself, or its copy, which has the target's size and time."""
    if path.samefile(target):
        return True
    found, wanted = path.stat(), target.stat()
    return (found.st_size, found.st_mtime_ns) == (wanted.st_size, wanted.st_mtime_ns)


def _link(path: Path, target: Path) -> None:
    if path.is_symlink() and path.readlink() == target:
        return
    with _replaced(path) as new:
        new.symlink_to(target)


def _write_script(path: Path) -> None:
    home = path.parent.parent  # see `engine_folder`
    script = "#!/bin/sh\n" + start_lines(home, "sandbox.engine.language_host", str(home))
    if path.exists() and path.read_text() == script:
        return
    with _replaced(path) as new:
        new.write_text(script)
        new.chmod(new.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """Yield a temporary name for the new file, then replace the old file with it."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    try:
        yield new
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)

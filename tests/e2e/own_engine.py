"""The engine for tests whose temporary files are in another file system than the built CLI.

The CLI and the language host must be in one folder, so `sandbox.engine.folder` makes a hard link to
the CLI, or copies it to another file system. Here it is copied once for all tests of a run, and
each sandbox has a hard link to this copy.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir

from sandbox.engine.find import Engine, ensure_engine
from sandbox.engine.folder import engine_folder
from sandbox.engine.go_build import CLI


def engine_near() -> Engine:
    """The engine of the sandbox's home; see `sandbox.engine.find.ensure_engine`."""
    if built := CLI.finished():
        engine_folder().mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.link(near(built), engine_folder() / "pulumi")
    return ensure_engine(lambda _: None)


def near(cli: Path) -> Path:
    """The CLI, or its copy in the file system of the temporary files."""
    folder = Path(gettempdir())
    found = cli.stat()
    if folder.stat().st_dev == found.st_dev:
        return cli
    copy = folder / f"pulumi-{found.st_ino}-{found.st_mtime_ns}"
    if not copy.exists():
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copy2(cli, draft)
        draft.replace(copy)
    return copy

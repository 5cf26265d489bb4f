"""The engine for tests whose temporary files are in another file system than the built CLI.

The CLI takes the language host for its own, without a warning in each run, if both are in one
folder after all symbolic links are resolved. `sandbox.engine.folder` therefore makes a hard link,
for which both must be in one file system. So the CLI is copied there, once for all tests of a run.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir

from sandbox.engine.find import Engine, ensure_engine
from sandbox.engine.folder import fill


def engine_near(report: Callable[[str], None] = lambda _: None) -> Engine:
    """The engine of the sandbox's home; see `sandbox.engine.find.ensure_engine`."""
    engine = ensure_engine(report)
    cli = engine.folder / "pulumi"
    if cli.is_symlink() and not cli.resolve().with_name("pulumi-language-python").exists():
        plugin = engine.folder / "pulumi-resource-github"
        fill(
            engine.folder,
            cli=near(cli.resolve()),
            github_plugin=plugin.resolve(),
            own_language_host=True,
        )
    return engine


def near(cli: Path) -> Path:
    """The CLI, or its copy in the file system of the temporary files."""
    folder = Path(gettempdir())
    if folder.stat().st_dev == cli.stat().st_dev:
        return cli
    found = cli.stat()
    copy = folder / f"pulumi-{found.st_ino}-{found.st_mtime_ns}"
    if not copy.exists():
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copy2(cli, draft)
        draft.replace(copy)
    return copy

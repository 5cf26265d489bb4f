"""Find PostgreSQL's programs: Debian's, those on PATH, or Debian's packages unpacked in a cache."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.e2e.backends.debian import cached, fetch, libraries

#: The folder of Debian's packages; each major version has its own in it.
DEBIAN: Final = Path("usr/lib/postgresql")
#: The programs that a test needs. Debian has the last two in a package of their own.
NEEDED: Final = ("initdb", "postgres", "pg_isready", "psql")


@dataclass(frozen=True)
class Programs:
    """A folder with the programs, and the environment variables that they need."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def path(self, name: str) -> str:
        """The path of a program."""
        return str(self.folder / name)


def postgresql() -> Programs:
    """The programs; Debian's packages are fetched if there are none.

    Raises:
        AssertionError: there are none, and this system has no apt.
    """
    if found := newest(Path("/")) or on_path():
        return Programs(found)
    folder = cached()
    if not folder.is_dir():
        lacking = (
            "these tests need PostgreSQL, server and client: put initdb and the others on PATH"
        )
        assert shutil.which("apt-get"), lacking
        fetch(folder)
    unpacked = newest(folder)
    assert unpacked, f"{folder} has no PostgreSQL: remove this folder"
    return Programs(unpacked, {"LD_LIBRARY_PATH": libraries(folder)})


def newest(root: Path) -> Path | None:
    """The folder of the newest of Debian's versions that is complete."""
    folders = (root / DEBIAN).glob("*/bin")
    for folder in sorted(folders, key=lambda one: int(one.parent.name), reverse=True):
        if all(os.access(folder / name, os.X_OK) for name in NEEDED):
            return folder
    return None


def on_path() -> Path | None:
    """The folder of programs that are on PATH together, as other systems have them."""
    found = shutil.which("initdb")
    if found is None:
        return None
    folder = Path(found).resolve().parent
    return folder if all(os.access(folder / name, os.X_OK) for name in NEEDED) else None

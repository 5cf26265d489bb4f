"""Fetch Debian's PostgreSQL into a cache folder, without root and without installing it.

apt resolves and checks the packages against the system's own sources and keys; its lists and the
archives are in a temporary folder. `dpkg-deb` unpacks them: the server finds its files relative to
its program. The packages are Debian's present ones, so the folder is not named after a version; it
is fetched once for each user.

Deliberately absent: other systems than Debian and its derivatives; see `programs`.
"""

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Final

#: Depends on the server and the client of Debian's version.
_PACKAGE: Final = "postgresql"
#: Root's cache is readable for the user that runs the server, which cannot read root's home.
_CACHE_OF_ROOT: Final = Path("/var/cache/slipway")


def cached() -> Path:
    """The folder with the unpacked packages, which need not exist yet."""
    if os.geteuid() == 0:
        return _CACHE_OF_ROOT / "postgresql"
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "slipway/postgresql"


def fetch(folder: Path, status: Path = Path("/var/lib/dpkg/status")) -> None:
    """Unpack the packages that this system lacks; two processes may do so at the same time.

    Args:
        folder: does not exist yet.
        status: dpkg's list of the packages that the system has.

    Raises:
        CalledProcessError: apt does not find or get them.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        whole = Path(scratch) / "whole"
        whole.mkdir()
        for archive in _archives(Path(scratch), status):
            subprocess.run(["dpkg-deb", "--extract", archive, whole], check=True)
        whole.chmod(0o755)
        try:
            whole.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise


def libraries(folder: Path) -> str:
    """The unpacked libraries, in the form of LD_LIBRARY_PATH."""
    places = (*folder.glob("usr/lib/*-linux-gnu*"), *folder.glob("lib/*-linux-gnu*"))
    return os.pathsep.join(map(str, places))


def _archives(scratch: Path, status: Path) -> list[Path]:
    """Download the archives of the package and of all that it needs and the system lacks."""
    archives = scratch / "cache/archives"
    for place in (scratch / "state/lists/partial", archives / "partial"):
        place.mkdir(parents=True)
    options = {
        "Dir::State": scratch / "state",
        "Dir::State::status": status,
        "Dir::Cache": scratch / "cache",
        "Debug::NoLocking": "true",
        # As root apt would download as a user that may not write here.
        "APT::Sandbox::User": "",
        "APT::Update::Post-Invoke": "",
    }
    apt = ["apt-get", "--quiet=2"]
    apt += [part for key, value in options.items() for part in ("-o", f"{key}={value}")]
    # Lists of an image are older than the archives that its sources still have.
    subprocess.run([*apt, "update"], check=True)
    chosen = ("--download-only", "--yes", "--no-install-recommends", _PACKAGE)
    subprocess.run([*apt, "install", *chosen], check=True)
    return sorted(archives.glob("*.deb"))

"""The wheels that jobs can install: downloaded once, as wheels.lock pins them, and kept.

They are no dependencies of this project: poetry alone has thirty, whose versions would have to
agree with the program's. `python -m tests.projects.wheels` downloads them (`make test`); otherwise
the tests do so themselves. Deliberately absent: the table's own packages, which are in the folder
of each run.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

_LOCK: Final = Path(__file__).with_name("wheels.lock")
_DOWNLOAD: Final = (
    *("pip", "download", "--quiet", "--disable-pip-version-check", "--require-hashes"),
    *("--no-deps", "--only-binary=:all:"),
)


def kept() -> Path:
    """Return the cache folder for files that depend on the lock and this interpreter."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    inputs = _LOCK.read_bytes() + f"{sys.version} {Path(sys.executable).resolve()}".encode()
    return Path(base, "slipway", f"projects-{hashlib.sha256(inputs).hexdigest()[:16]}")


def wheels() -> Path:
    """Return the folder with the wheels; download them if it does not exist."""
    folder = kept() / "wheels"
    kept().mkdir(parents=True, exist_ok=True)
    with (kept() / "lock").open("w") as lock:  # one process downloads, the others wait
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            draft = folder.with_suffix(".unfinished")
            command = [sys.executable, "-m", *_DOWNLOAD, "--dest", str(draft), "-r", str(_LOCK)]
            subprocess.run(command, check=True)
            draft.rename(folder)
    return folder


if __name__ == "__main__":
    print(wheels())  # noqa: T201  # for the user who started it

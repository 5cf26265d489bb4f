"""A cache of build results, one for each user; the name of an entry has a hash of its inputs.

An entry is a folder that appears complete or not at all. It contains no path of a checkout, so that
all checkouts share it. This module never changes or removes entries; the user may delete them all.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_SECONDS_BETWEEN_LOOKS = 0.2
_SECONDS_BETWEEN_REPORTS = 10.0


def cache_folder() -> Path:
    """Return the folder of all entries, which need not exist yet."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "slipway", "engine")


def entry(name: str) -> Path | None:
    """Return the finished entry of that name, if there is one."""
    folder = cache_folder() / name
    return folder if folder.is_dir() else None


def make_entry(name: str, make: Callable[[Path], None], report: Callable[[str], None]) -> Path:
    """Let `make` fill an empty folder, and keep it as entry `name`.

    One process at a time makes an entry; another one waits and gets the same entry.
    """
    folder = cache_folder() / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _locked(folder.with_name(f"{name}.lock"), f"another process is making {name}", report):
        if folder.is_dir():
            return folder
        unfinished = folder.with_name(f"{name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)  # left by a process that was killed
        unfinished.mkdir()
        try:
            make(unfinished)
            unfinished.rename(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return folder


@contextmanager
def _locked(path: Path, why: str, report: Callable[[str], None]) -> Iterator[None]:
    started = time.monotonic()
    next_report = started
    with path.open("w") as lock:  # the lock ends with the process
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                now = time.monotonic()
                if now >= next_report:
                    report(f"{why}: waiting, {now - started:.0f} s")
                    next_report = now + _SECONDS_BETWEEN_REPORTS
                time.sleep(_SECONDS_BETWEEN_LOOKS)
        yield

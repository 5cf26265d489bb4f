import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.engine import cache

MAKE = """
import pathlib, sys, time
from sandbox.engine import cache

def make(folder):
    with open(sys.argv[1], "a") as log:
        log.write("made\\n")
    (folder / "half").touch()
    time.sleep(float(sys.argv[2]))
    (folder / "whole").touch()

print(cache.make_entry("thing", make, lambda line: print(line, file=sys.stderr)))
"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a cache for this test only, never the user's."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def start(log: Path, seconds: float) -> subprocess.Popen[str]:
    """Start a process that requests the entry and takes so many seconds to make it."""
    return subprocess.Popen(
        [sys.executable, "-c", MAKE, log, str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_make_one_entry(tmp_path: Path) -> None:
    """Both get the same finished folder; one makes it, the other reports that it waits."""
    log = tmp_path / "log"
    processes = [start(log, 1.0) for _ in range(2)]
    outcomes = [process.communicate(timeout=30) for process in processes]
    folder = cache.cache_folder() / "thing"
    assert [said for said, _ in outcomes] == [f"{folder}\n"] * 2
    assert sorted(path.name for path in folder.iterdir()) == ["half", "whole"]
    assert log.read_text() == "made\n"
    assert sum("another process is making thing" in waited for _, waited in outcomes) == 1


def test_a_killed_maker_leaves_neither_lock_nor_entry(tmp_path: Path) -> None:
    """After a kill the next process gets the lock and starts with an empty folder."""
    log = tmp_path / "log"
    with start(log, 60) as killed:
        while not log.exists():
            assert killed.poll() is None
            time.sleep(0.02)
        killed.send_signal(signal.SIGKILL)
    assert cache.entry("thing") is None

    def make(folder: Path) -> None:
        assert list(folder.iterdir()) == []

    made = cache.make_entry("thing", make, lambda _: None)
    assert cache.entry("thing") == made


def test_a_failing_maker_leaves_nothing() -> None:
    """After a failure no incomplete entry exists."""

    def make(folder: Path) -> None:
        (folder / "half").touch()
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        cache.make_entry("thing", make, lambda _: None)
    assert cache.entry("thing") is None
    assert [path.name for path in cache.cache_folder().iterdir()] == ["thing.lock"]


def test_names_with_dots_are_names() -> None:
    """The name of an entry may have dots, because versions are part of it."""
    made = cache.make_entry("thing-1.2.3", lambda _: None, lambda _: None)
    other = cache.make_entry("thing-1.2.4", lambda _: None, lambda _: None)
    assert {path.name for path in made.parent.iterdir()} == {
        *("thing-1.2.3", "thing-1.2.3.lock", "thing-1.2.4", "thing-1.2.4.lock")
    }
    assert made != other


def test_the_cache_is_where_caches_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The cache is at XDG_CACHE_HOME, by default in `.cache` of the home folder."""
    assert cache.cache_folder() == tmp_path / "cache" / "slipway" / "engine"
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.cache_folder() == tmp_path / ".cache" / "slipway" / "engine"

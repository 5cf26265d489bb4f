import time
from pathlib import Path

import pytest

from sandbox.engine import long_command
from sandbox.engine.errors import UnavailableError
from sandbox.engine.long_command import run_long_command


def test_it_says_what_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is reported at once and at each interval, with the elapsed seconds."""
    monkeypatch.setattr(long_command, "_SECONDS_BETWEEN_REPORTS", 0.6)
    said: list[str] = []
    run_long_command(["sleep", "1.5"], what="sleeping", deadline=60, report=said.append)
    assert said == ["sleeping: 0 s", "sleeping: 1 s", "sleeping: 1 s"]


def test_it_ends_everything_at_the_deadline(tmp_path: Path) -> None:
    """At the deadline the command's children are ended too."""
    child = tmp_path / "child"
    started = time.monotonic()
    script = f"sleep 60 & echo $! > {child}; wait"
    with pytest.raises(UnavailableError, match="waiting: given up after 1 s"):
        run_long_command(["sh", "-c", script], what="waiting", deadline=1, report=lambda _: None)
    assert time.monotonic() - started < 10
    # The signal is sent when the call returns; the system may take a moment to end the child.
    while alive(int(child.read_text())):
        assert time.monotonic() - started < 10
        time.sleep(0.01)


def test_a_failure_shows_the_last_words() -> None:
    """The error has the last lines of both streams, not the whole output."""
    script = "seq 100; echo 'the reason' >&2; exit 3"
    with pytest.raises(UnavailableError) as failure:
        run_long_command(["sh", "-c", script], what="trying", deadline=9, report=lambda _: None)
    lines = str(failure.value).splitlines()
    assert lines[0] == "trying failed:"
    assert lines[-2:] == ["100", "the reason"]
    assert len(lines) == 13


def test_a_missing_command_is_named() -> None:
    """A missing command is an UnavailableError with its name."""
    with pytest.raises(UnavailableError, match="no-such-command: No such file"):
        run_long_command(["no-such-command"], what="x", deadline=9, report=lambda _: None)


def alive(process: int) -> bool:
    """Return whether the process still runs; a zombie does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state.rsplit(")", 1)[1].split()[0] != "Z"

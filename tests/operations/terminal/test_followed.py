"""Slipway shows the progress of a pulumi run whose output it reads."""

import io
import re
import time
from pathlib import Path

import pytest

from operations.terminal.followed import followed
from operations.terminal.output import progress


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for events fifty times a second, for tests without waits."""
    monkeypatch.setattr("operations.terminal.followed._SECONDS", 0.02)


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        """Return that it is a terminal."""
        return True

    def shows(self, text: str) -> bool:
        """Return whether the text appears within some seconds."""
        end = time.monotonic() + 10
        while text not in self.getvalue() and time.monotonic() < end:
            time.sleep(0.02)
        return text in self.getvalue()


def as_stderr(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Replace stderr by a terminal, within the test: pytest sets its own before each phase."""
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    return stream


def test_finished_resources_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line counts finished resources, and a partly written event only when it is complete."""
    terminal = as_stderr(monkeypatch)
    with followed(("preview", "--json", "--stack", "acme")) as run:
        option, name = run.options
        assert option == "--event-log"
        file = Path(name)
        assert file.parent.stat().st_mode & 0o777 == 0o700
        with file.open("w", encoding="utf-8") as events:
            events.write('{"resourcePreEvent": {}}\n{"resOutputsEvent": {}}\n{"resOutp')
            events.flush()
            assert terminal.shows("acme: pulumi preview")
            assert terminal.shows("1/?")
            events.write('utsEvent": {}}\n')
            events.flush()
            assert terminal.shows("2/?")
    assert not file.parent.exists()


def test_two_lines_are_one_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines of the observation and the run are one display; neither overwrites the other."""
    terminal = as_stderr(monkeypatch)
    with progress("acme: looking") as told:
        told(3, 7)
        with followed(("refresh", "--stack", "acme")):
            assert terminal.shows("acme: pulumi refresh")
            # In one frame: a second display would first move back to the line's beginning.
            frame = r"acme: looking[^\n]*3/7[^\n]*\n[^\n]*acme: pulumi refresh"
            assert re.search(frame, terminal.getvalue())
        told(4, 7)
        assert terminal.shows("4/7")


@pytest.mark.parametrize("arguments", [("stack", "export"), ("up", "--stack", "acme")])
def test_other_runs_are_not_followed(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """No progress is shown for an update, which shows its own output, or for a short export."""
    terminal = as_stderr(monkeypatch)
    with followed(arguments) as run:
        assert run == ((), {})
    assert terminal.getvalue() == ""


def test_nothing_is_followed_without_a_terminal() -> None:
    """Without a terminal pulumi runs with its usual options only."""
    with followed(("preview", "--stack", "acme")) as run:
        assert run == ((), {})

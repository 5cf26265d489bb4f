"""Commits in these tests come one after the other."""

import pytest

from sandbox.github.routes import contents


@pytest.fixture(autouse=True)
def _no_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the time in which the emulator refuses another commit to the same branch."""
    monkeypatch.setattr(contents, "_pass_time", lambda: None)

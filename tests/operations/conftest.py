"""A fixture that tests of several folders use."""

import pytest
from urllib3.util.retry import Retry


@pytest.fixture
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send failed requests again at once, for tests of the last failure."""
    monkeypatch.setattr(Retry, "sleep", lambda *_: None)

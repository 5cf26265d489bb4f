"""Fixtures that tests of several folders use."""

import pytest
from urllib3.util.retry import Retry

from operations.live import aws


@pytest.fixture(autouse=True)
def new_session() -> None:
    """Forget the session of AWS: it has found the credentials of an earlier test."""
    aws._session.cache_clear()


@pytest.fixture
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send failed requests again at once, for tests of the last failure."""
    monkeypatch.setattr(Retry, "sleep", lambda *_: None)

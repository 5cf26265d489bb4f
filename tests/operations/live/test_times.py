from datetime import UTC, datetime

import pytest

from operations.live.answers import read_time

TIME = datetime(2026, 11, 23, 14, 16, 43, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23 14:16:43 +0000 UTC",
        "2026-11-23 14:16:43.123456789 +0000 UTC",
        "2026-11-23 16:16:43 +0200 CEST",
        "2026-11-23 14:16:43.5 +0000 UTC m=+0.01",
        "2026-11-23T14:16:43Z",
        "2026-11-23T14:16:43.999Z",
        "2026-11-23T09:16:43-05:00",
    ],
)
def test_every_usual_form_is_the_same_time(text: str) -> None:
    """Go's form and RFC 3339, with any fraction and offset, are read as the same time."""
    assert read_time(text) == TIME


@pytest.mark.parametrize(
    "text", ["", "2026-11-23", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00", None, 1]
)
def test_anything_else_is_no_time(text: object) -> None:
    """Any other value gives None, and no exception."""
    assert read_time(text) is None

"""Time in GitHub's format: UTC, whole seconds, ISO 8601 with a Z."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present time, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def from_timestamp(seconds: int) -> datetime:
    """The moment of a Unix timestamp."""
    return datetime.fromtimestamp(seconds, UTC)


def iso(moment: datetime) -> str:
    """A moment in the format of GitHub's answers."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

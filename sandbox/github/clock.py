"""Time as GitHub tells it: UTC, whole seconds, ISO 8601 with a Z."""

from datetime import UTC, datetime


def now() -> datetime:
    """This second."""
    return datetime.now(UTC).replace(microsecond=0)


def from_timestamp(seconds: int) -> datetime:
    """The moment so many seconds after 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def iso(moment: datetime) -> str:
    """As in every answer."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

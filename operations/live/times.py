"""Times as Go, GitHub and Pulumi write them."""

import re
from datetime import UTC, datetime
from typing import Final

#: RFC 3339, and Go's `2026-11-23 14:16:43.5 +0200 CEST m=+1.0`.
_TIME: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,]\d+)? ?(Z|z|[+-]\d\d:?\d\d)(?: [A-Za-z+-].*)?"
)


def read_time(text: object) -> datetime | None:
    """The time that a text says, in UTC and full seconds; None where it can't be read."""
    found = _TIME.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return None
    day, clock, offset = found.groups()
    try:
        return datetime.fromisoformat(f"{day}T{clock}{offset.upper()}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None

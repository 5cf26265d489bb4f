"""Names."""

NAMES = ["you"]

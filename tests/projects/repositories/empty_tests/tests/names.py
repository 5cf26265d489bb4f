"""Names for tests to come."""

NAMES = ["you"]

"""The two forms of the checks: a table for people, and JSON."""

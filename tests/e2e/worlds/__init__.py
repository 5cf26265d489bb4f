"""Repositories of any facts, through `validate --live` and `up` to an empty preview."""

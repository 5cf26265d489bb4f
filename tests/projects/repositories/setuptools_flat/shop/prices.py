"""Prices."""

import greeting


def thanks(name):
    """Thank somebody, with the word of a dependency."""
    return f"{greeting.WORD} {name}"

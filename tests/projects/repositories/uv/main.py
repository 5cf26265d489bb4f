"""A greeting, with the word of another package."""

import greeting


def hello(name):
    """Greet somebody."""
    return f"{greeting.WORD} {name}"

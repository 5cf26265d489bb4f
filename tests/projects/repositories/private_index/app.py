"""A greeting, with the word of another package."""

import greeting
import internal


def hello(name):
    """Greet somebody."""
    return f"{greeting.WORD} {name} {internal.WORD}"

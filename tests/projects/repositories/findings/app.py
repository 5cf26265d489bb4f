"""A calculator."""

import os


def result(line):
    """Compute."""
    return eval(line)

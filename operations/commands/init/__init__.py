"""`slipway init`: ask for a new stack's settings, look at them, write its file, make it.

Nothing of GitHub and AWS is changed.
"""

from operations.commands.init.command import run

__all__ = ["run"]

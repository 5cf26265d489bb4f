"""`slipway trust`: which id-tokens each role of a stack admits. Nothing is written."""

from operations.commands.trust.command import run

__all__ = ["run"]

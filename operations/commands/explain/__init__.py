"""`slipway explain`: whether a job gets its role, question by question. Nothing is written."""

from operations.commands.explain.command import run

__all__ = ["run"]

"""`slipway engine`: find, download or build `pulumi` and its plugins."""

import argparse

from components.config.problems import ExitCode
from operations.terminal.output import data, talk
from sandbox.engine.errors import EngineError
from sandbox.engine.find import ensure_engine


def run(_options: argparse.Namespace) -> int:
    """Print the folder that the user puts first on PATH."""
    try:
        engine = ensure_engine(talk)
    except EngineError as error:
        talk(str(error))
        return ExitCode.ERROR
    talk(engine.origin)
    data(str(engine.folder))
    return ExitCode.SUCCESS

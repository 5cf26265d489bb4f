"""The `slipway` command: parse the line, run one operation, turn its outcome into an exit code.

stdout is data, stderr is talk. Exit codes are Pulumi's (`ExitCode`).
"""

import argparse
import importlib
import os
import signal
from collections.abc import Sequence
from typing import Final

from components.config.problems import ConfigurationError, ExitCode
from operations.commands.arguments import parser
from operations.terminal.output import talk

_ENDING: Final = (signal.SIGTERM, signal.SIGHUP)


def parsed(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options of a command line; of a wrong one, its own command's usage and code 2."""
    options, unknown = parser().parse_known_args(arguments)
    if unknown:
        options.usage_error(f"unrecognized arguments: {' '.join(unknown)}")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit code."""
    options = parsed(arguments)
    # Imported by name: `slipway validate` should not wait for the sandbox's libraries.
    operation = importlib.import_module(f"operations.commands.{options.command}")
    # A termination is an interruption, too, and so is a closed terminal unless it is ignored, as
    # below `nohup`: locks and temporary files are removed and children told.
    ending = [one for one in _ENDING if signal.getsignal(one) is not signal.SIG_IGN]
    before = {one: signal.signal(one, signal.default_int_handler) for one in ending}
    try:
        code: int = operation.run(options)
    except ConfigurationError as error:
        talk(str(error))
        if hint := _hint(options, error):
            talk(hint)
        return error.exit_code
    except KeyboardInterrupt:
        talk("interrupted; the same command may be given again")
        return ExitCode.CANCELLED
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    return code


def _hint(options: argparse.Namespace, error: ConfigurationError) -> str | None:
    """What to do where the sandbox's own stack is used without the sandbox."""
    named = {getattr(options, "stack", None), *(getattr(options, "stacks", None) or ())}
    outside = "GITHUB_BASE_URL" not in os.environ or "cannot be reached" in str(error)
    if "sandbox" in named and outside and error.exit_code is not ExitCode.CONFIGURATION:
        return 'stack sandbox lives in the sandbox: make up, then eval "$(slipway sandbox env)"'
    return None

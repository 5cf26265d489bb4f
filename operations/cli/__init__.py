"""The `slipway` command: parse the command line, run one command, and return its exit code.

stdout has data, stderr has messages for people. Exit codes are Pulumi's (`ExitCode`).
"""

import argparse
import importlib
import os
import signal
from collections.abc import Sequence
from functools import cache
from typing import Final

from components.config.problems import ConfigurationError, ExitCode
from operations.cli.arguments import module_of, parser
from operations.cli.completion import complete
from operations.terminal.output import talk

#: A shell sets it at TAB, in place of running a command.
_COMPLETING: Final = "_ARGCOMPLETE"
#: Commands that change nothing, so that their errors need not say that nothing was changed.
_READING: Final = {"explain"}
_ENDING: Final = (signal.SIGTERM, signal.SIGHUP)


def parsed(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options of a command line. A wrong one exits with 2, after the usage of its command."""
    if _COMPLETING in os.environ:
        complete(parser())
    line = _parser()
    options, unknown = line.parse_known_args(arguments)
    if unknown:
        options.usage_error(f"unrecognized arguments: {' '.join(unknown)}")
    return options


@cache
def _parser() -> argparse.ArgumentParser:
    """The parser for a process that runs several commands, as the sandbox's and the tests' do."""
    return parser()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    options = parsed(arguments)
    # Import one command alone: `slipway validate` should not wait for the sandbox's libraries.
    operation = importlib.import_module(module_of(options.command))
    # Treat a termination and a closed terminal like Ctrl-C, so that locks and temporary files are
    # removed and child processes are ended. Below `nohup` a closed terminal stays ignored.
    ending = [one for one in _ENDING if signal.getsignal(one) is not signal.SIG_IGN]
    before = {one: signal.signal(one, signal.default_int_handler) for one in ending}
    try:
        code: int = operation.run(options)
    except ConfigurationError as error:
        problems = "\n".join(map(str, error.problems))
        talk(problems if options.command in _READING else str(error))
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
    """Advice for a command on the stack `sandbox` while the sandbox does not run."""
    named = {getattr(options, "stack", None), *(getattr(options, "stacks", None) or ())}
    outside = "GITHUB_BASE_URL" not in os.environ or "cannot be reached" in str(error)
    if "sandbox" in named and outside and error.exit_code is not ExitCode.CONFIGURATION:
        return 'stack sandbox lives in the sandbox: make up, then eval "$(slipway sandbox env)"'
    return None

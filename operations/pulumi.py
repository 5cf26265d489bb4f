"""Run the user's own `pulumi`, found on PATH; slipway works around it, never instead of it."""

import json
import os
import shutil
import subprocess
from contextlib import suppress
from typing import Any

from components.config.problems import ConfigurationError, ExitCode, Problem
from operations.terminal import PROJECT


class PulumiError(ConfigurationError):
    """`pulumi` ended with an error.

    Attributes:
        output: all it said, for whoever looks for a reason in it.
    """

    def __init__(self, arguments: tuple[str, ...], output: str) -> None:
        self.output = output
        command = f"pulumi {' '.join(arguments)}"
        super().__init__([Problem(command, 0, "", output.strip())], ExitCode.ERROR)


def pulumi(*arguments: str, stdin: str | None = None) -> str:
    """Run pulumi without questions in the working directory; the result is its stdout.

    Args:
        arguments: as on the command line; `--non-interactive` is added.
        stdin: what it reads.

    Raises:
        ConfigurationError: there is no pulumi on PATH.
        PulumiError: it ended with another code than 0.
    """
    done = subprocess.run(  # noqa: S603 - the user's own engine
        command(*arguments), input=stdin, capture_output=True, text=True, check=False
    )
    if done.returncode != ExitCode.SUCCESS:
        raise PulumiError(arguments, f"{done.stdout}\n{done.stderr}")
    return done.stdout


def pulumi_shown(*arguments: str) -> int:
    """Run pulumi with its words going to stderr, since they are talk here; its exit code."""
    return subprocess.run(  # noqa: S603 - the user's own engine
        command(*arguments), stdout=2, check=False
    ).returncode


def pulumi_json(*arguments: str) -> Any:
    """The JSON that pulumi prints with `--json` among the arguments.

    Raises:
        ConfigurationError: as `pulumi`; of a preview that fails, what its diagnostics say.
    """
    try:
        return json.loads(pulumi(*arguments))
    except PulumiError as error:
        raise PulumiError(arguments, diagnostics(error.output) or error.output) from error


def diagnostics(output: str) -> str:
    """The errors that a preview's JSON ends with; empty where the output is none."""
    with suppress(ValueError, AttributeError):
        document, _ = json.JSONDecoder().raw_decode(output)
        found = [line for line in document.get("diagnostics", ()) if line["severity"] == "error"]
        return "\n".join(line["message"].strip() for line in found)
    return ""


def command(*arguments: str) -> list[str]:
    """The command line of pulumi.

    Raises:
        ConfigurationError: there is no pulumi on PATH.
    """
    found = shutil.which("pulumi")
    if found is None:
        venv = os.path.relpath(PROJECT / ".venv/bin")
        text = f"is not on PATH: install it, or put there what `{venv}/slipway engine` prints"
        raise ConfigurationError([Problem("pulumi", 0, "", text)], ExitCode.ERROR)
    return [found, *arguments, "--non-interactive"]

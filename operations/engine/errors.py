"""Read from the output of a failed `pulumi` the program's own problems, or Pulumi's error.

pulumi ends with 1 if the program fails, so the program's exit code is lost (pulumi 3.256). It is
restored from the output: `slipway up` has the exit code of `slipway validate` if a declaration is
wrong.
"""

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from components.config.problems import ConfigurationError, ExitCode, Problem, read_back, shown
from components.config.project import project_folder

#: Remedies by a part of pulumi's message.
_ADVICE: Final = {
    "no stack named": "make it with `slipway init STACK`, or log in where it is",
    "PULUMI_CONFIG_PASSPHRASE": "export the passphrase that the stack was made with",
}


class PulumiError(ConfigurationError):
    """`pulumi` ended with an error.

    Attributes:
        output: its whole output, in which callers look for known reasons.
    """

    def __init__(self, arguments: tuple[str, ...], output: str) -> None:
        self.output = output
        command = f"pulumi {' '.join(arguments)}"
        super().__init__([Problem(command, 0, "", output.strip())], ExitCode.ERROR)

    def __str__(self) -> str:
        """The problems alone: Pulumi's output says whether anything was changed."""
        return "\n".join(str(problem) for problem in self.problems)


def failure(arguments: tuple[str, ...], output: str) -> ConfigurationError:
    """The error to raise if pulumi failed.

    Args:
        arguments: of its command line.
        output: its whole output; if it is a preview's JSON, only the errors at its end are used.
    """
    message = diagnostics(output) or output.strip()
    if (problems := read_back(message)) is not None:
        return ConfigurationError(map(_from_here, problems.problems), problems.exit_code)
    advice = next((words for part, words in _ADVICE.items() if part in message), None)
    return PulumiError(arguments, f"{message}: {advice}" if advice else message)


def _from_here(problem: Problem) -> Problem:
    """The problem of a program, which runs in the project's folder, with its path from here."""
    file = (project_folder() or Path()) / problem.file
    return replace(problem, file=shown(file)) if problem.file and file.exists() else problem


def diagnostics(output: str) -> str:
    """The errors at the end of a preview's JSON; empty if the output is no such JSON."""
    with suppress(ValueError, AttributeError):
        document, _ = json.JSONDecoder().raw_decode(output)
        found = [line for line in document.get("diagnostics", ()) if line["severity"] == "error"]
        return "\n".join(line["message"].strip() for line in found)
    return ""

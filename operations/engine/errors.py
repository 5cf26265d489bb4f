"""What a `pulumi` that failed has said: the program's own problems, or an error of Pulumi's.

Exit codes of a program are lost: whatever it ends with, pulumi ends with 1 (pulumi 3.256). The text
is not, so `slipway up` ends as `slipway validate` does where a declaration is wrong.
"""

import json
from contextlib import suppress
from typing import Final

from components.config.problems import ConfigurationError, ExitCode, Problem, read_back

#: What helps, by what pulumi says.
_ADVICE: Final = {
    "no stack named": "make it with `pulumi stack init STACK`, or log in where it is",
    "PULUMI_CONFIG_PASSPHRASE": "export the passphrase that the stack was made with",
}


class PulumiError(ConfigurationError):
    """`pulumi` ended with an error.

    Attributes:
        output: all it said, for whoever looks for a reason in it.
    """

    def __init__(self, arguments: tuple[str, ...], output: str) -> None:
        self.output = output
        command = f"pulumi {' '.join(arguments)}"
        super().__init__([Problem(command, 0, "", output.strip())], ExitCode.ERROR)

    def __str__(self) -> str:
        """What it said; whether anything was changed is for Pulumi to say."""
        return "\n".join(str(problem) for problem in self.problems)


def failure(arguments: tuple[str, ...], output: str) -> ConfigurationError:
    """The error to raise of a pulumi that failed.

    Args:
        arguments: of its command line.
        output: all it said; of a preview's JSON the errors that it ends with are taken.
    """
    said = diagnostics(output) or output.strip()
    if (known := read_back(said)) is not None:
        return known
    advice = next((words for part, words in _ADVICE.items() if part in said), None)
    return PulumiError(arguments, f"{said}: {advice}" if advice else said)


def diagnostics(output: str) -> str:
    """The errors that a preview's JSON ends with; empty where the output is none."""
    with suppress(ValueError, AttributeError):
        document, _ = json.JSONDecoder().raw_decode(output)
        found = [line for line in document.get("diagnostics", ()) if line["severity"] == "error"]
        return "\n".join(line["message"].strip() for line in found)
    return ""

"""Read a file that the user names, or standard input.

An error never quotes the content, which may be a token.
"""

import re
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from components.config.problems import ConfigurationError, Problem

_STDIN: Final = "-"
#: The beginning of a JWT in place of a file's name: `{"` in Base64, or two dots in a long name.
_TOKEN: Final = re.compile(r"eyJ.*|[\w-]{16,}\.[\w-]+\.[\w-]*")
#: More than the longest token that STS takes (20,000), and than a file of CloudTrail's usually is.
_MOST: Final = 50_000_000


def read_given(option: str, name: str) -> str:
    """The text of a file, or of standard input for `-`.

    Args:
        option: the option that names it, for messages.
        name: as the user gave it.

    Raises:
        ConfigurationError: it cannot be read, is no text, or is too large; or a token was given in
            place of a file.
    """
    if _TOKEN.fullmatch(name) and not _is_file(name):
        text = (
            "a token was given itself, where other users of the machine see it: give a file, or -"
        )
        raise problem(option, text)
    try:
        stdin = nullcontext(sys.stdin)
        with stdin if name == _STDIN else Path(name).open(encoding="utf-8") as file:
            text = file.read(_MOST + 1)
    except OSError as error:
        raise problem(option, f"{name} cannot be read: {error.strerror}") from None
    except ValueError:
        raise problem(option, f"{name} is no text") from None
    if len(text) > _MOST:
        raise problem(option, f"{name} has more than {_MOST} characters")
    return text


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except OSError:
        return False  # the name is too long


def problem(option: str, text: str) -> ConfigurationError:
    """An error about an option of the command line."""
    return ConfigurationError([Problem(option, 0, "", text)])

"""How the runner starts a step's script (docs.github.com, workflow syntax, "shell").

Deliberately absent: PowerShell and Windows.
"""

import re
import shlex
from pathlib import Path
from typing import Final

_SHELLS: Final = {
    None: "bash -e {0}",
    "bash": "bash --noprofile --norc -eo pipefail {0}",
    "python": "python {0}",
    "sh": "sh -e {0}",
}


def command(script: str, shell: str | None, folder: Path) -> list[str]:
    """Write the script to a file in the folder; return the program and its arguments.

    Raises:
        NotImplementedError: the shell is unknown, or .NET would reject its braces.
    """
    template = _SHELLS.get(shell, shell) or ""
    if "{0}" not in template or re.search(r"[{}]", template.replace("{0}", "")):
        raise NotImplementedError(f"shell {shell!r}")
    file = folder / ("script.py" if shell == "python" else "script.sh")
    file.write_text(script)
    program, _, rest = template.partition(" ")
    return [program, *_arguments(rest.replace("{0}", str(file)))]


def _arguments(text: str) -> list[str]:
    """Split a command line as .NET does: only double quotes keep words together."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.quotes, lexer.escape, lexer.commenters = True, '"', "", ""
    return list(lexer)

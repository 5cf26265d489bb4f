"""Match texts, paths and extensions against the patterns of rules, as GitHub does.

GitHub documents the regular expressions exactly: they have RE2's syntax, and `^` and `$` are the
ends of the whole text unless the pattern begins with `(?m)` (docs.github.com: creating rulesets for
a repository). How it reads patterns of paths and extensions is documented by a few examples only.
So a path counts as restricted if any reading of a pattern matches it: slipway would rather refuse
a repository than fail in the middle of a run.
"""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import PurePosixPath
from typing import Any, Final

import re2

_BRACES: Final = re.compile(r"\{[^}]*\}")


def breaks_pattern(text: str, parameters: Mapping[str, Any]) -> bool:
    """True if a text breaks a rule about messages or names; also if the rule is not understood."""
    pattern = parameters.get("pattern")
    if not isinstance(pattern, str):
        return True
    match parameters.get("operator"):
        case "starts_with":
            found = text.startswith(pattern)
        case "ends_with":
            found = text.endswith(pattern)
        case "contains":
            found = pattern in text
        case "regex":
            expression = _compiled(pattern)
            if expression is None:
                return True
            found = expression.search(text) is not None
        case _:
            return True
    return found is bool(parameters.get("negate"))


@cache
def _compiled(pattern: str) -> Any | None:
    """The expression; None if RE2 does not take it."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error:
        return None


def may_restrict_path(pattern: str, path: str) -> bool:
    """Whether a pattern of restricted paths can mean this file, or a folder that it is in.

    fnmatch here lets `*` match slashes, so it finds whatever Ruby's FNM_PATHNAME would find.
    """
    wide = _BRACES.sub("*", pattern.strip().removeprefix("/").removesuffix("/"))
    # Of `a/**/b`, the middle also matches no folder at all.
    readings = {wide, wide.replace("**/", "")}
    file = PurePosixPath(path)
    names = {path, file.name, *(str(folder) for folder in file.parents if folder.name)}
    return any(fnmatchcase(name, reading) for name in names for reading in readings)


def may_restrict_extension(pattern: str, path: str) -> bool:
    """Whether `*.yml`, `.yml` or `yml` means the extension of this file."""
    ending = pattern.strip().lower().removeprefix("*").removeprefix(".")
    return fnmatchcase(path.lower(), f"*.{ending}")

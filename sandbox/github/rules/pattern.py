"""Name patterns as GitHub matches them: Ruby's `File.fnmatch` with FNM_PATHNAME.

`*` and `?` match no slash; `**/` matches any number of folders
(docs.github.com: creating rulesets for a repository, "Using fnmatch syntax").
"""

import re
from functools import cache
from typing import Final

_PARTS: Final = re.compile(r"\*\*/|\*+|\?|\[[^\]]+\]|\{[^}]*\}|\\.|.", re.DOTALL)
_WORDS: Final = {"**/": "(?:[^/]+/)*", "?": "[^/]"}


def matches(pattern: str, name: str) -> bool:
    """Whether the whole name matches the pattern."""
    return _compiled(pattern).fullmatch(name) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(_expression(part) for part in _PARTS.findall(pattern)), re.DOTALL)


def _expression(part: str) -> str:
    if part in _WORDS:
        return _WORDS[part]
    if part.startswith("*"):
        return "[^/]*"
    if part.startswith("[") and len(part) > 1:
        return part.replace("[!", "[^", 1)
    if part.startswith("{") and len(part) > 1:
        return f"(?:{'|'.join(re.escape(word) for word in part[1:-1].split(','))})"
    return re.escape(part.removeprefix("\\") or part)

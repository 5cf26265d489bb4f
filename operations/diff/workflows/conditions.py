"""Decide whether a job's `if` is false for every run of an event.

It understands comparisons of `github.event_name` with a text, `&&`, `||` and brackets. Any other
part may be true or false. Deliberately absent: `!`, functions, and the jobs that a job needs.
"""

import re
from typing import Any, Final

_NAME: Final = r"github\.event_name"
_WORD: Final = r"'([^']*)'"
_COMPARED: Final = re.compile(rf"{_NAME}\s*([!=]=)\s*{_WORD}", re.IGNORECASE)
#: A text, an operator, or any other character.
_TOKEN: Final = re.compile(r"'(?:[^']|'')*'|&&|\|\||.", re.DOTALL)
#: Largest number of brackets that is analysed: foreign conditions may have any number.
_MOST: Final = 20
_WHOLE: Final = re.compile(r"\$\{\{(.*)\}\}", re.DOTALL)


def excludes(condition: Any, event: str) -> bool:
    """True if a job with this `if` never runs for the event."""
    if not isinstance(condition, str):
        return False
    whole = _WHOLE.fullmatch(condition.strip())
    bare = whole[1] if whole else condition
    # An expression with text around it is a text, which is true; so are several expressions.
    return "${{" not in bare and bare.count("(") <= _MOST and _never(bare, event)


def _never(expression: str, event: str) -> bool:
    """True if each alternative has a part that is false."""
    return all(
        any(_false(part.strip(), event) for part in _split(alternative, "&&"))
        for alternative in _split(expression, "||")
    )


def _false(part: str, event: str) -> bool:
    inner = _inside(part)
    if inner is not None:
        return _never(inner, event)
    compared = _COMPARED.fullmatch(part)
    if compared is None:
        return False
    # GitHub ignores case when comparing texts (docs.github.com: expressions, operators).
    return (compared[1] == "==") != (compared[2].lower() == event)


def _split(expression: str, operator: str) -> list[str]:
    """The operands of an operator outside of brackets."""
    parts, depth = [""], 0
    for sign in _TOKEN.findall(expression):
        depth += (sign in {"(", "["}) - (sign in {")", "]"})
        if sign == operator and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def _inside(part: str) -> str | None:
    """The text between brackets, if they enclose the whole part."""
    depth = 0
    for place, sign in ((found.start(), found[0]) for found in _TOKEN.finditer(part)):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            closed = sign == ")" and place == len(part) - 1
            return part[1:-1] if closed else None
    return None

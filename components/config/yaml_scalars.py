"""Read the value of a plain scalar of YAML 1.2: null, a boolean, a number or text.

`on`, `yes` and `no` are text. So is a time: YAML 1.2 has no type for it, and `2012-10-17` in an IAM
policy has to stay text. Underscores may stand between digits. A scalar that only looks like a
number, such as `+_`, is text.
"""

import math
import re
from typing import Final

Scalar = None | bool | int | float | str

_WORDS: Final[dict[str, Scalar]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{f"{sign}.{word}": math.inf for sign in ("", "+") for word in ("inf", "Inf", "INF")},
    **{f"-.{word}": -math.inf for word in ("inf", "Inf", "INF")},
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_BEGINS_A_NUMBER: Final = frozenset("-+.0123456789")
_INT: Final = re.compile(r"([-+]?)(?:0b([01_]+)|0o([0-7_]+)|0x([0-9a-fA-F_]+)|([0-9_]+))")
_BASES: Final = (2, 8, 16, 10)
_FLOAT: Final = re.compile(
    r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?"
    r"|[0-9][0-9_]*[eE][-+]?[0-9]+"
    r"|\.[0-9_]+(?:[eE][-+][0-9]+)?)"
)


def scalar(text: str) -> Scalar:
    """The value of a scalar that has no quotes."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _BEGINS_A_NUMBER:
        return text
    try:
        if found := _INT.fullmatch(text):
            return _integer(*found.groups())
        return float(text.replace("_", "")) if _FLOAT.fullmatch(text) else text
    except ValueError:
        return text


def _integer(sign: str, *digits: str | None) -> int:
    """The number whose digits are the one group of the pattern that is there."""
    written, base = next((some, base) for some, base in zip(digits, _BASES, strict=True) if some)
    return int(sign + written.replace("_", ""), base)

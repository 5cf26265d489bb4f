"""GitHub's expressions, as far as rendered workflows use them.

docs.github.com, "Evaluate expressions in workflows and actions": literals, properties, `!`, `==`,
`!=`, `&&`, `||`, brackets and a few functions. Any other syntax is an error, never a guess.
Deliberately absent: order of numbers, `*`, and functions that no rendered file calls.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from tests.projects.reader import Functions, Reader, UnknownExpressionError, is_true

#: Functions that test the status of the job, or of the needed jobs, so far.
STATUS: Final = ("always", "cancelled", "failure", "success")


def evaluate(text: str, contexts: Mapping[str, Any], functions: Functions) -> Any:
    """The value of an expression without its `${{ }}`."""
    return Reader(text, contexts, functions).whole()


def fill(text: str, contexts: Mapping[str, Any], functions: Functions) -> str:
    """The text with every `${{ }}` replaced by its value."""
    return re.sub(
        r"\$\{\{(.*?)\}\}",
        lambda match: as_text(evaluate(match[1], contexts, functions)),
        text,
        flags=re.DOTALL,
    )


def holds(condition: Any, contexts: Mapping[str, Any], functions: Functions) -> bool:
    """True if an `if` is met; `success()` is implied if it names no status function."""
    text = "success()" if condition is None else str(condition).strip()
    if text in ("True", "False"):
        text = text.lower()
    whole = re.fullmatch(r"\$\{\{(.*)\}\}", text, flags=re.DOTALL)
    text = whole[1] if whole else text
    if not re.search(rf"\b({'|'.join(STATUS)})\(", text):
        text = f"success() && ({text})"
    return is_true(evaluate(text, contexts, functions))


def as_text(value: Any) -> str:
    """Return a value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int):
        return str(value)
    raise UnknownExpressionError(f"{value!r} is no text: toJSON(...) would make it one")


def format_text(pattern: str, *values: Any) -> str:
    """The function `format`."""
    return re.sub(r"\{(\d+)\}", lambda match: as_text(values[int(match[1])]), pattern)


def to_json(value: Any) -> str:
    """The function `toJSON`."""
    return json.dumps(value, indent=2)

"""Two values of foreign text beside each other, cut to what a line has room for."""

from itertools import takewhile
from typing import Final

from components.config.sanitize import visible

NOTHING: Final = "nothing"
#: Characters left before the first that differs.
_CONTEXT: Final = 20


def pair(declared: str, live: str, width: int) -> tuple[str, str]:
    """Both values as `short` has them; of long ones, what begins alike is left out.

    Otherwise two policies would be cut to the same words.
    """
    alike = takewhile(lambda chars: chars[0] == chars[1], zip(declared, live, strict=False))
    start = sum(1 for _ in alike) - _CONTEXT
    if start > _CONTEXT and max(len(declared), len(live)) > width:
        declared, live = (f"…{text[start:]}" for text in (declared, live))
    return short(declared, width), short(live, width)


def short(text: str, width: int) -> str:
    """The visible text cut to `width` characters; `nothing` for absence."""
    shown = visible(text) or NOTHING
    return shown if len(shown) <= width else f"{shown[: width - 1]}…"

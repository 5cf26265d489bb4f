"""Cut text from outside to the room that a line has, also two values beside each other."""

from itertools import takewhile
from typing import Final

from components.config.sanitize import visible

NOTHING: Final = "nothing"
#: The number of characters that stay before the first difference.
_CONTEXT: Final = 20


def pair(declared: str, live: str, width: int) -> tuple[str, str]:
    """Both values, shortened as by `short`. If they are long, their common beginning is left out.

    Otherwise two policies would be cut to the same text.
    """
    alike = takewhile(lambda chars: chars[0] == chars[1], zip(declared, live, strict=False))
    start = sum(1 for _ in alike) - _CONTEXT
    if start > _CONTEXT and max(len(declared), len(live)) > width:
        declared, live = (f"…{text[start:]}" for text in (declared, live))
    return short(declared, width), short(live, width)


def short(text: str, width: int) -> str:
    """The visible text, cut to `width` characters; `nothing` if it is empty."""
    shown = visible(text) or NOTHING
    return shown if len(shown) <= width else f"{shown[: width - 1]}…"

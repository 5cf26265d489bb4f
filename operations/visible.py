"""Make every character of foreign text visible, so that it cannot act on what shows it.

Values of variables and names of branches are others' text: escape sequences would act on a
terminal, bidirectional controls would show it in another order than it has (Unicode UAX 9).
"""

import unicodedata
from itertools import takewhile
from typing import Final

#: Controls, formats (bidirectional ones among them), line and paragraph separators, surrogates.
_ACTING: Final = {"Cc", "Cf", "Cs", "Zl", "Zp"}
NOTHING: Final = "nothing"
#: Characters left before the first that differs.
_CONTEXT: Final = 20


def visible(text: str) -> str:
    """The text on one line, with every acting character as Python escapes it."""
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _ACTING else char
        for char in text
    )


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

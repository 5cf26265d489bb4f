"""Make every character of foreign text visible, so that it cannot act on what shows it.

Values of variables and names of branches are others' text: escape sequences would act on a
terminal, bidirectional controls would show it in another order than it has (Unicode UAX 9).
"""

import unicodedata
from typing import Final

#: Controls, formats (bidirectional ones among them), line and paragraph separators, surrogates.
_ACTING: Final = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def visible(text: str) -> str:
    """The text on one line, with every acting character as Python escapes it."""
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _ACTING else char
        for char in text
    )


def visible_lines(text: str) -> str:
    """The same of a text of several lines, which stay lines."""
    return "\n".join(map(visible, text.split("\n")))

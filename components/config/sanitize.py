"""Make every character of foreign text visible, so that it cannot act on what shows it.

Values of variables and names of branches are others' text: escape sequences would act on a
terminal, bidirectional controls would show it in another order than it has (Unicode UAX 9).
"""

import re
import unicodedata
from typing import Final

#: Controls, formats (bidirectional ones among them), line and paragraph separators, surrogates.
_ACTING: Final = {"Cc", "Cf", "Cs", "Zl", "Zp"}
#: User and password in an address, as a state's backend or a git remote has them (RFC 3986, 3.2.1).
_CREDENTIALS: Final = re.compile(r"(?<=://)[^\s/?#@]*(?:@[^\s/?#@]*)*(?=@)")


def visible(text: str) -> str:
    """The text on one line, with every acting character as Python escapes it."""
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _ACTING else char
        for char in text
    )


def visible_lines(text: str) -> str:
    """The same of a text of several lines, which stay lines."""
    return "\n".join(map(visible, text.split("\n")))


def message(text: str) -> str:
    """What is said to a person: visible lines, and no user or password of an address.

    Pulumi and git quote the addresses of backends and remotes. Values that are compared are not
    for this: a difference that is left out would not be seen.
    """
    return visible_lines(_CREDENTIALS.sub("…", text))

"""Make every character of foreign text visible, so that it cannot control a terminal or a page.

Other people write values of variables and names of branches: escape sequences would control the
terminal, bidirectional controls would show the text in another order (Unicode UAX 9).
"""

import re
import unicodedata
from typing import Final

#: Controls, formats (bidirectional ones among them), line and paragraph separators, surrogates.
_ACTING: Final = {"Cc", "Cf", "Cs", "Zl", "Zp"}
#: User and password in a URL, e.g. of a state's backend or of a git remote (RFC 3986, 3.2.1).
_CREDENTIALS: Final = re.compile(r"(?<=://)[^\s/?#@]*(?:@[^\s/?#@]*)*(?=@)")


def visible(text: str) -> str:
    """The text on one line, with control and format characters escaped as in Python."""
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _ACTING else char
        for char in text
    )


def visible_lines(text: str) -> str:
    """The same for a text of several lines; line breaks stay."""
    return "\n".join(map(visible, text.split("\n")))


def message(text: str) -> str:
    """A text for people: visible lines, without the users and passwords of URLs.

    Pulumi and git quote the URLs of backends and remotes. Do not use it for values that are
    compared: it would hide a difference.
    """
    return visible_lines(_CREDENTIALS.sub("…", text))

"""docs/performance.md: everything between two marks is written from the figures.

A mark is a comment, `<!-- figures: NAME -->`, up to the next `<!-- end -->`. The text around is
written by hand and has no figures of its own.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

DOCUMENT: Final = Path(__file__).parents[2] / "docs/performance.md"
_BLOCK: Final = re.compile(r"<!-- figures: (?P<name>[a-z-]+) -->\n.*?<!-- end -->", re.DOTALL)


def documented(text: str, blocks: Mapping[str, str]) -> str:
    """The text with each block as the figures have it now.

    Raises:
        KeyError: the text asks for a block that does not exist.
    """

    def fresh(found: re.Match[str]) -> str:
        name = found["name"]
        return f"<!-- figures: {name} -->\n\n{blocks[name].strip()}\n\n<!-- end -->"

    return _BLOCK.sub(fresh, text)


def asked_for(text: str) -> list[str]:
    """The names of the blocks in their order."""
    return [found["name"] for found in _BLOCK.finditer(text)]

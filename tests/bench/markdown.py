"""Tables and paragraphs of Markdown, and how numbers are written in them."""

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

_WIDTH: Final = 100


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> str:
    """A table whose first `texts` columns are text; the others are numbers."""
    marks = ["---"] * texts + ["---:"] * (len(headings) - texts)
    lines = [_row(headings), f"|{'|'.join(marks)}|", *map(_row, rows)]
    return "\n".join(lines)


def paragraph(*sentences: str) -> str:
    """Sentences, in lines as long as those of the other paragraphs."""
    text = " ".join(sentences)
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def number(value: float, digits: int = 1) -> str:
    """A number without zeros at its end: 3.20 is 3.2, and 3.0 is 3."""
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def seconds(value: float) -> str:
    """Seconds as far as they can be trusted: three digits."""
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def _row(cells: Sequence[str]) -> str:
    filled = [cell or " " for cell in cells]
    return f"| {' | '.join(filled)} |"

"""docs/performance.md has the figures of figures.json and no others."""

import re

import pytest

from tests.bench.blocks import blocks
from tests.bench.document import DOCUMENT, asked_for, documented
from tests.bench.figures import COMMITTED, read

TEXT = "Before.\n<!-- figures: one -->\nold\n<!-- end -->\nBetween.\n"


def test_the_document_has_the_figures_of_the_file() -> None:
    """Nothing between the marks differs from what the committed figures give."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert documented(text, blocks(read(COMMITTED))) == text, (
        "docs/performance.md is not as its figures: python -m tests.bench --document "
        f"{COMMITTED.relative_to(DOCUMENT.parents[1])}"
    )


def test_the_document_shows_every_part_once() -> None:
    """Each part that is made from figures is in the document, and none twice."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert sorted(asked_for(text)) == sorted(blocks(read(COMMITTED)))


def test_the_text_around_has_no_figures_of_its_own() -> None:
    """A time or a size that an author typed would stay when the measured ones change."""
    text = DOCUMENT.read_text(encoding="utf-8")
    around = documented(text, dict.fromkeys(asked_for(text), ""))
    assert not re.findall(r"\d[\d.,]* ?(?:s|ms|seconds?|kB|MB|GB|times)\b|\d ?%", around)


def test_only_what_is_between_the_marks_is_written() -> None:
    """The text around stays as it is, and a second writing changes nothing."""
    written = documented(TEXT, {"one": "new\n"})
    assert written == ("Before.\n<!-- figures: one -->\n\nnew\n\n<!-- end -->\nBetween.\n")
    assert documented(written, {"one": "new\n"}) == written


def test_a_part_that_does_not_exist_is_an_error() -> None:
    """A misspelled mark is no silent gap."""
    with pytest.raises(KeyError, match="one"):
        documented(TEXT, {"other": ""})

"""The table of docs/delivery.md names the tests of the real engine, and each of them."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]
E2E = PROJECT / "tests/e2e"


def named_tests(pattern: str) -> set[str]:
    """Return the names of the tests in files of the real engine."""
    texts = [file.read_text(encoding="utf-8") for file in E2E.glob(pattern)]
    return {name for text in texts for name in re.findall(r"^def (test_\w+)\(", text, re.MULTILINE)}


def rows() -> list[list[str]]:
    """Return the cells of the table, its head first."""
    text = (PROJECT / "docs/delivery.md").read_text(encoding="utf-8")
    table = text.partition("## What is tried")[2]
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_each_row_names_tests_that_exist() -> None:
    """Each row of the table names at least one test, and every named test exists."""
    head, *others = rows()
    assert others
    known = named_tests("test_*.py")
    for cells in others:
        assert len(cells) == len(head), cells
        names = re.findall(r"`(\w+)`", cells[-1])
        assert names, cells
        assert set(names) <= known, cells


def test_each_test_of_delivery_has_a_row() -> None:
    """Each test of delivery with the real engine is in the table."""
    named = {name for cells in rows() for name in re.findall(r"`(\w+)`", cells[-1])}
    assert named_tests("test_delivery*.py") <= named

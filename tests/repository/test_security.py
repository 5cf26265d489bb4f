"""The threat model of docs/security.md: each row names a test that exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from operations.terminal.output import PROJECT

DOCUMENT = PROJECT / "docs/security.md"
HEAD = ["who", "tries to", "what stops it", "shown by", "what remains"]
#: Persons and programs about whom the threat model must have at least one row about.
WHO = (
    *("owner", "writer", "reviewer", "fork", "other repository", "former owner of a name"),
    *("compromised action", "App key", "administrator of AWS", "slipway's reading token"),
)


def rows() -> list[list[str]]:
    """Return the cells of each row, without the heads of the tables."""
    text = DOCUMENT.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    heads = [row for row in cells if row == HEAD]
    assert len(heads) == sum(line.startswith("|---") for line in text.splitlines())
    return [row for row in cells if row != HEAD]


@cache
def functions_of(file: Path) -> frozenset[str]:
    """Return the names of a file's test functions."""
    body = ast.parse(file.read_text(encoding="utf-8")).body
    return frozenset(one.name for one in body if isinstance(one, ast.FunctionDef))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[1][:40])
def test_each_row_is_complete_and_names_a_test(row: list[str]) -> None:
    """No cell is empty, and each named test is a function of a file that pytest collects."""
    assert len(row) == len(HEAD)
    assert all(row)
    named = re.findall(r"`(tests/[\w/]+/test_\w+\.py)::(test_\w+)`", row[3])
    assert named
    assert re.sub(r"`[^`]*`|[, ]", "", row[3]) == "", "the cell has tests only"
    for file, name in named:
        assert name in functions_of(PROJECT / file), f"{file}::{name}"


def test_everybody_has_a_row() -> None:
    """The model has a row about each person and program that can attack."""
    present = [row[0] for row in rows()]
    for who in WHO:
        assert any(who in one for one in present), who

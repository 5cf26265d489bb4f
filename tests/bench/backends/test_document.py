"""docs/backends.md has the figures of figures.json and no others."""

from typing import Any

import pytest

from tests.bench.backends.blocks import COMMITTED, DOCUMENT, blocks
from tests.bench.document import asked_for, documented
from tests.bench.figures import read

ENTRY: dict[str, Any] = {
    "backend": "S3",
    "compressed": True,
    "repositories": 25,
    "resources": 1076,
    "seconds": 0.1234,
    "cpu_seconds": 0.05,
    "requests": 4,
    "bytes_out": 1_234_567,
    "bytes_in": 2_000,
    "measured_on": "2026-11-29",
    "machine": {"cores": 2, "system": "Linux", "python": "3.11.7", "pulumi": "3", "load": 0.5},
}


def test_the_document_has_the_figures_of_the_file() -> None:
    """Nothing between the marks differs from what the committed figures give, and all is there."""
    text = DOCUMENT.read_text(encoding="utf-8")
    parts = blocks(read(COMMITTED))
    assert sorted(asked_for(text)) == sorted(parts)
    assert documented(text, parts) == text, (
        "docs/backends.md is not as its figures: python -m tests.bench.backends --document"
    )


@pytest.mark.parametrize("size", [1, 25])
def test_every_backend_was_measured_at_each_size(size: int) -> None:
    """The figures have each backend, with and without compression, at the same sizes."""
    found = {
        (entry["backend"], entry["compressed"])
        for entry in read(COMMITTED)["writes"]
        if entry["repositories"] == size
    }
    backends = ("local files", "S3", "PostgreSQL")
    assert found == {(backend, one) for backend in backends for one in (False, True)}


def test_a_row_has_the_figures_of_its_entry() -> None:
    """Bytes are in thousands, seconds in thousandths; without requests the cell is empty."""
    files = ENTRY | {"backend": "local files", "repositories": 1, "requests": 0}
    *_, first, second = blocks({"writes": [ENTRY, files]})["writes"].splitlines()
    assert first == "| local files | yes | 1 | 1,076 | 123 | 50 |   | 1,235 | 2 |"
    assert second == "| S3 | yes | 25 | 1,076 | 123 | 50 | 4 | 1,235 | 2 |"

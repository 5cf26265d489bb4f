"""docs/reliability.md has every fault that is tested here, and no other."""

import re
from pathlib import Path

from sandbox.home import PROJECT

TABLE = re.compile(r"^\|(?:[^|]+\|){3} `(?P<test>test_\w+)` \|$", re.MULTILINE)
TEST = re.compile(r"^def (?P<test>test_\w+)\(\s*small: Small", re.MULTILINE)


def test_each_row_names_a_test_and_each_test_has_a_row() -> None:
    """Each documented fault has a test, and each tested fault is documented."""
    text = (PROJECT / "docs/reliability.md").read_text(encoding="utf-8")
    rows = TABLE.findall(text)
    tests = [
        name
        for file in Path(__file__).parent.glob("test_*.py")
        for name in TEST.findall(file.read_text(encoding="utf-8"))
    ]
    assert len(tests) > 10
    assert set(rows) == set(tests)

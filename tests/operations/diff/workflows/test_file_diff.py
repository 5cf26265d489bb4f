"""The unified diff of a workflow file."""

import pytest

from operations.diff.workflows.file_diff import MOST, WIDTH, file_diff
from tests.cost import cost


def test_a_changed_line_is_shown_with_its_neighbours() -> None:
    """A diff has the changed lines between three unchanged ones, and counts them."""
    before = "".join(f"line {number}\n" for number in range(20))
    found = file_diff(before, before.replace("line 10\n", "line ten\nline more\n"))
    assert found.summary == "+2 -1 lines"
    assert found.lines == (
        "--- declared",
        "+++ live",
        "@@ -8,7 +8,8 @@",
        *(" line 7", " line 8", " line 9", "-line 10", "+line ten", "+line more"),
        *(" line 11", " line 12", " line 13"),
    )


def test_other_line_endings_are_no_diff() -> None:
    """A file that differs only in its line endings has no lines to show."""
    assert file_diff("a\nb\n", "a\r\nb\r\n") == ("only line endings differ", ())


@pytest.mark.large
def test_a_huge_file_is_bounded_and_quick() -> None:
    """The diff of half a megabyte is cut in lines and width; the rest is counted."""
    live = f"{'x' * 5000}\n" + "".join(f"line {number % 9999}\n" for number in range(50_000))
    took, found = cost(lambda: file_diff("name: a\n" * 100, live))
    assert took < 60
    assert len(found.lines) == MOST + 3
    assert max(map(len, found.lines)) == WIDTH
    assert found.summary == "+50001 -100 lines"
    assert found.lines[-1] == f"… {50_101 + 1 - MOST} more lines"

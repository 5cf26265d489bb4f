"""Name patterns of rulesets."""

import pytest

from sandbox.github.rules.pattern import matches


@pytest.mark.parametrize(
    ("pattern", "name", "taken"),
    [
        ("refs/heads/main", "refs/heads/main", True),
        ("refs/heads/main", "refs/heads/main2", False),
        ("refs/heads/*", "refs/heads/main", True),
        ("refs/heads/qa/*", "refs/heads/qa/foo", True),
        ("refs/heads/qa/*", "refs/heads/qa/foo/bar", False),
        ("refs/heads/qa/**/*", "refs/heads/qa/foo/bar", True),
        ("refs/heads/qa/**/*", "refs/heads/qa/foo", True),
        ("refs/heads/v?", "refs/heads/v1", True),
        ("refs/heads/v?", "refs/heads/v12", False),
        ("refs/heads/v[0-9]", "refs/heads/v1", True),
        ("refs/heads/v[!0-9]", "refs/heads/v1", False),
        ("refs/heads/{main,develop}", "refs/heads/develop", True),
        (r"refs/heads/a\*", "refs/heads/a*", True),
        ("refs/heads/a.b", "refs/heads/axb", False),
    ],
)
def test_a_pattern(pattern: str, name: str, taken: bool) -> None:  # noqa: FBT001 - a column
    """`*` does not match a slash; `**/` matches any number of folders (FNM_PATHNAME)."""
    assert matches(pattern, name) is taken

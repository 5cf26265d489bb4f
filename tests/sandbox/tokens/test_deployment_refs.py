import pytest

from sandbox.tokens.deployment_refs import matches


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("main", "main", True),
        ("main", "Main", False),
        ("*", "release/1", False),
        ("release/*", "release/1", True),
        ("release/*", "release/1/2", False),
        ("**/x", "a/b/x", True),
        ("v?.[0-9]", "v1.2", True),
        ("v[!0-9]", "v1", False),
        ("v.", "vx", False),
        ("refs/pull/*/merge", "refs/pull/7/merge", True),
        ("\\*", "*", True),
        ("\\*", "x", False),
    ],
)
def test_patterns_are_rubys(pattern: str, name: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """A star stops at a slash."""
    assert matches(pattern, name) is expected

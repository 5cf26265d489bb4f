import pytest

from components.model.repository import admits


@pytest.mark.parametrize(
    ("pattern", "branch", "admitted"),
    [
        ("main", "main", True),
        ("main", "mainline", False),
        ("release/*", "release/1.0", True),
        ("release/*", "release/1/0", False),
        ("*", "feature/x", False),
        ("*/*", "feature/x", True),
        ("v[0-9]*", "v1", True),
    ],
)
def test_a_pattern_admits_what_github_admits(pattern: str, branch: str, *, admitted: bool) -> None:
    """`*` does not match a slash (docs.github.com: deployments and environments)."""
    assert admits(pattern, branch) is admitted

import pytest

from sandbox.tokens.deployment_refs import matches
from tests.ref_patterns import ADMITTED


@pytest.mark.parametrize(("pattern", "name", "admitted"), ADMITTED)
def test_patterns_are_rubys(pattern: str, name: str, *, admitted: bool) -> None:
    """Patterns match as in Ruby's File.fnmatch with FNM_PATHNAME, which GitHub documents."""
    assert matches(pattern, name) is admitted

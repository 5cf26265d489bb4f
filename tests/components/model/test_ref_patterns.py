import pytest
from hypothesis import given
from pydantic import ValidationError

from components.model.environment import Environment
from components.model.ref_patterns import admits
from sandbox.tokens.deployment_refs import matches
from tests.cost import cost
from tests.ref_patterns import ADMITTED, NAMES, PATTERNS


@pytest.mark.parametrize(("pattern", "name", "admitted"), ADMITTED)
def test_a_pattern_admits_what_github_admits(pattern: str, name: str, *, admitted: bool) -> None:
    """A pattern admits the names that GitHub admits."""
    assert admits(pattern, name) is admitted


@given(PATTERNS, NAMES)
def test_it_agrees_with_the_sandbox(pattern: str, name: str) -> None:
    """The program and the emulator, which have separate code, give the same answer."""
    assert admits(pattern, name) is matches(pattern, name)


@pytest.mark.parametrize("pattern", ["*a" * 60 + "b", "**/a*/" * 40 + "b", "[a-z]*" * 40 + "/"])
def test_a_hostile_pattern_takes_no_time(pattern: str) -> None:
    """A pattern cannot slow a run down: there is no nested backtracking."""
    took, admitted = cost(lambda: admits(pattern, "a" * 120 + "/a" * 60))
    assert not admitted
    assert took < 10


@pytest.mark.parametrize("key", ["deployment_branches", "deployment_tags"])
def test_a_pattern_is_named_once(key: str) -> None:
    """A pattern that is named twice is refused: Pulumi cannot have two resources of one name."""
    with pytest.raises(ValidationError, match="named twice: main; name each pattern once"):
        Environment.model_validate({key: ["main", "v*", "main"]})

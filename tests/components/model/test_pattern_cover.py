from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.model.pattern_cover import uncovered
from components.model.ref_patterns import admits
from tests.cost import cost
from tests.ref_patterns import NAMES, PATTERNS

#: Names that a ref may have: none has a `[`.
REFS = NAMES.map(lambda name: name.replace("[", "c"))
#: All names of at most five characters of this alphabet.
SHORT = [
    name
    for length in range(1, 6)
    for name in map("".join, product("ab/-", repeat=length))
    if "" not in name.split("/")
]


@pytest.mark.parametrize(
    ("pattern", "allowed", "example"),
    [
        ("main", ["main"], None),
        ("main", ["release/*"], "main"),
        ("main", ["ma*"], None),
        ("main", [], "main"),
        ("release/*", ["release/*"], None),
        ("release/*", ["**/*"], None),
        ("release/*", ["*"], "release/x"),
        ("release/v*", ["release/*"], None),
        ("release/*", ["release/v*"], "release/x"),
        ("release/*", ["release/v*", "release/[!v]*"], None),
        ("v[0-9]", ["v?"], None),
        ("v?", ["v[0-9]"], "vx"),
        ("*", ["main"], "x"),
        ("**/x", ["x", "*/x", "a/**/x"], "x/x/x"),
        ("[ä-ö]", ["ä", "ö"], "é"),
        ("[ä-ö]", ["ä", "ö", "é"], "å"),
        ("[.a]x", ["ax"], None),
        ("x/[.a]", ["x/a"], None),
        # No ref has this character in its name (git-check-ref-format).
        ("[[]", [], None),
    ],
)
def test_the_example_is_a_name_that_only_the_pattern_admits(
    pattern: str, allowed: list[str], example: str | None
) -> None:
    """A pattern is covered by one that admits as much or by several together."""
    assert uncovered(pattern, allowed) == example


@given(PATTERNS, st.lists(PATTERNS, max_size=3), st.lists(REFS, max_size=20))
def test_it_agrees_with_the_patterns_themselves(
    pattern: str, allowed: list[str], names: list[str]
) -> None:
    """An example is admitted by the pattern alone; without one, no name at all is."""
    example = uncovered(pattern, allowed)
    for name in [*names, *SHORT] if example is None else [example]:
        alone = admits(pattern, name) and not any(admits(one, name) for one in allowed)
        assert alone is (example is not None)


@pytest.mark.large
@pytest.mark.parametrize("allowed", [["*a" + "?" * 40], ["*a" * 30, "*b" * 30]])
def test_hostile_patterns_take_no_time(allowed: list[str]) -> None:
    """Patterns whose comparison would take too many steps count as not covered, soon."""
    took, example = cost(lambda: uncovered("*a*b" + "?" * 39, allowed))
    assert example is not None
    assert took < 300

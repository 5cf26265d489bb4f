import re
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from operations.diff.iam.patterns import Patterns, matches, may_begin
from tests.cost import cost

PATTERNS = st.text("ab*?", max_size=5)
#: `#` is in no pattern: it stands for every other character.
WORDS = ["".join(word) for length in range(8) for word in product("ab#", repeat=length)]


def covers(one: str, other: str) -> bool:
    """True if a pattern alone covers another one."""
    return bool(Patterns({0: [one]}).covering(other))


def slowly(pattern: str) -> re.Pattern[str]:
    """Return the pattern as a regular expression."""
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(char, re.escape(char)) for char in pattern), re.DOTALL)


@given(PATTERNS, st.text("abA#*?\n", max_size=7), st.booleans())
@example("*?", "", False)  # noqa: FBT003 - a case
def test_a_text_matches_as_by_a_regular_expression(
    pattern: str,
    text: str,
    ignore_case: bool,  # noqa: FBT001 - a case
) -> None:
    """A pattern matches a text exactly if the equal regular expression does."""
    flags = re.IGNORECASE if ignore_case else re.NOFLAG
    expected = re.compile(slowly(pattern).pattern, flags | re.DOTALL).fullmatch(text) is not None
    assert matches(pattern, text, ignore_case=ignore_case) is expected


@given(PATTERNS, PATTERNS)
@example("a*???", "a?b*b")
@example("?*", "*")
@example("*?", "*")
@example("*a?*", "a*a")
def test_a_pattern_covers_another_if_it_matches_all_its_words(one: str, other: str) -> None:
    """A pattern covers another if it matches every short text that the other matches."""
    special, general = slowly(other), slowly(one)
    words = (word for word in WORDS if special.fullmatch(word))
    assert covers(one, other) is all(general.fullmatch(word) for word in words)


@given(PATTERNS, st.text("ab#", max_size=3))
@example("a*b", "ab#")
@example("a??", "ab#a")
def test_a_pattern_may_begin_as_some_text_that_it_matches(pattern: str, text: str) -> None:
    """`may_begin` is true if the pattern matches a short text that begins with the given one."""
    plain = slowly(pattern)
    words = (word for word in WORDS if word.startswith(text) and plain.fullmatch(word))
    assert may_begin(pattern, text) is any(True for _ in words)


@given(st.lists(PATTERNS, max_size=6), PATTERNS)
def test_a_group_answers_as_its_patterns_do_alone(patterns: list[str], other: str) -> None:
    """Patterns give the same answers in a group as alone."""
    found = Patterns({number: [one] for number, one in enumerate(patterns)}).covering(other)
    assert [bool(found >> n & 1) for n in range(len(patterns))] == [
        covers(one, other) for one in patterns
    ]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [("a${*}", "a*", True), ("a${*}", "ab", False), ("a${?}", "a?", True), ("${$}x", "$x", True)],
)
def test_policy_variables_are_characters(pattern: str, text: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """IAM's policy variables `${*}`, `${?}` and `${$}` match these characters literally."""
    assert matches(pattern, text) is expected


def test_the_case_of_letters_counts_unless_it_is_ignored() -> None:
    """Resources and values of conditions are compared with the case of letters."""
    assert not matches("a*", "AB")
    assert not covers("A*", "a")
    assert not may_begin("a*", "A")
    ignoring = Patterns({0: ["A*"]}, ignore_case=True)
    assert ignoring.covering("aB?")
    assert ignoring.matching("aB")
    assert ignoring.may_begin("aB")


@pytest.mark.large
@pytest.mark.parametrize("pattern", ["*?" * 2000 + "#", "*a" * 2000 + "#", "?*a" * 1500])
def test_time_depends_on_lengths_alone(pattern: str) -> None:
    """No pattern of a policy's length takes long to match."""

    def check() -> None:
        assert not matches(pattern, "a" * 6000 + "b")
        assert not covers(pattern, "*a?" * 2000 + "b")

    assert cost(check)[0] < 20

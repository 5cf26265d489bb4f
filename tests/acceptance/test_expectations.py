"""What counts as not as listed."""

import pytest

from tests.acceptance.expectations import Excused, Function, problems
from tests.acceptance.run import Result, Results

FUNCTION = Function(
    passes=["good", ""],
    fails=[Excused(case="bad", says="no such .* here", because="it is so")],
)
AS_LISTED: Results = {
    "TestF/good": Result("pass"),
    "TestF": Result("pass"),
    "TestF/bad": Result("fail", output=["=== RUN   TestF/bad\n", "    no such thing here\n"]),
    "TestFar/good": Result("fail"),
}


def test_what_is_as_listed_is_no_problem() -> None:
    """Cases of a function with a longer name are not its own."""
    assert problems("TestF", FUNCTION, AS_LISTED) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"TestF/good": Result("fail")}, "TestF/good: fail, expected: pass"),
        ({"TestF/bad": Result("pass")}, "TestF/bad: pass, expected: fail"),
        ({"TestF/bad": Result("skip")}, "TestF/bad: skip, expected: fail"),
        ({"TestF/good": Result()}, "TestF/good: unfinished, expected: pass"),
        ({"TestF/bad": Result("fail", output=["oh\n"])}, "TestF/bad: fail, not saying"),
        ({"TestF/new": Result("pass")}, "TestF/new: pass, not in expectations.toml"),
    ],
)
def test_what_is_not_as_listed_is_told(change: Results, told: str) -> None:
    """Another outcome, other words, a new case: one problem each."""
    (problem,) = problems("TestF", FUNCTION, AS_LISTED | change)
    assert problem.startswith(told)


def test_a_case_that_did_not_run_is_told() -> None:
    """A filter that matches nothing is no success."""
    assert len(problems("TestF", FUNCTION, {})) == 3

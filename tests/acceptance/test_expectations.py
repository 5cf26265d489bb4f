"""The comparison of results with the list."""

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


def test_a_listed_result_is_no_problem() -> None:
    """A result as listed is no problem, and cases of a function with a longer name do not count."""
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
def test_each_deviation_is_a_problem(change: Results, told: str) -> None:
    """Another result, another message and an unlisted case are one problem each."""
    (problem,) = problems("TestF", FUNCTION, AS_LISTED | change)
    assert problem.startswith(told)


def test_a_listed_case_that_did_not_run_is_a_problem() -> None:
    """A listed case that did not run is a problem, as after a filter that matches nothing."""
    assert len(problems("TestF", FUNCTION, {})) == 3

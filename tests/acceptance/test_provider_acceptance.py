"""The GitHub provider's own acceptance tests, against the emulator: what GitHub's answers mean.

They were written against GitHub by others, so the emulator is held against more than our own
reading of its documentation. One run serves all tests of this file.
"""

import pytest

from tests.acceptance.binaries import ensure_binaries
from tests.acceptance.expectations import Function, load, problems
from tests.acceptance.run import Results, run

FUNCTIONS = load()

# Where nothing is cached, the fixture builds two programs from their modules.
pytestmark = pytest.mark.timeout(3600)


@pytest.fixture(scope="module")
def results() -> Results:
    """What came of every case."""
    return run(ensure_binaries(print), FUNCTIONS)


@pytest.mark.parametrize(("name", "function"), FUNCTIONS.items(), ids=FUNCTIONS)
def test_the_function_ends_as_listed(name: str, function: Function, results: Results) -> None:
    """Every case ends as listed, and no case is missing or unknown."""
    assert not problems(name, function, results)


def test_as_many_cases_ran_as_are_listed(results: Results) -> None:
    """A pattern that matches nothing would end well, too."""
    listed = sum(len(list(function.cases())) for function in FUNCTIONS.values())
    assert len(results) == listed >= 160

"""The GitHub provider's own acceptance tests, run against the emulator.

Other people wrote them against GitHub. They check the emulator independently of our reading of
GitHub's documentation. One run serves all tests of this file.
"""

import pytest

from tests.acceptance.binaries import ensure_binaries
from tests.acceptance.expectations import Function, load, problems
from tests.acceptance.run import Results, run

FUNCTIONS = load()

# Without a cache, the fixture builds two programs from their modules.
pytestmark = pytest.mark.timeout(3600)


@pytest.fixture(scope="module")
def results() -> Results:
    """The result of every case."""
    return run(ensure_binaries(print), FUNCTIONS)


@pytest.mark.parametrize(("name", "function"), FUNCTIONS.items(), ids=FUNCTIONS)
def test_the_function_ends_as_listed(name: str, function: Function, results: Results) -> None:
    """Every case ends as listed, and no case is missing or unknown."""
    assert not problems(name, function, results)


def test_as_many_cases_ran_as_are_listed(results: Results) -> None:
    """The number of cases equals the list: a pattern without matches would succeed as well."""
    listed = sum(len(list(function.cases())) for function in FUNCTIONS.values())
    assert len(results) == listed >= 220

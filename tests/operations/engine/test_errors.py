"""What becomes of the words of a pulumi that failed."""

import json

import pytest

from components.config.problems import ConfigurationError, ExitCode, Problem
from operations.engine.errors import PulumiError, failure

PREVIEW = ("preview", "--json")
CODES = (ExitCode.ERROR, ExitCode.CONFIGURATION, ExitCode.AUTHENTICATION)


def preview(*errors: str) -> str:
    """A failed preview's JSON, and what pulumi says besides."""
    found = [{"severity": "info#err", "message": "noise"}]
    found += [{"severity": "error", "message": text} for text in errors]
    return json.dumps({"steps": [], "diagnostics": found}) + "\nerror: preview failed"


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("count", [1, 2])
def test_the_programs_own_problems_are_read_back(code: ExitCode, count: int) -> None:
    """Text and exit code are those that the program ended with."""
    problems = [
        Problem("stacks/acme/api.yaml", 10 - number, "environments.prod", f"no {number}")
        for number in range(count)
    ]
    ended = ConfigurationError(problems, code)
    error = failure(PREVIEW, preview(f"error: {ended}\n"))
    assert (str(error), error.exit_code) == (str(ended), code)


def test_problems_without_a_place_are_read_back() -> None:
    """A secret's value that is missing is in no file."""
    ended = ConfigurationError([Problem("GITHUB_TOKEN", 0, "", "is not set: export one")])
    assert str(failure(PREVIEW, preview(str(ended)))) == str(ended)


def test_other_errors_are_pulumis_and_promise_nothing() -> None:
    """What failed half-way may have changed something."""
    error = failure(("refresh", "--yes"), "error: provider: 502\n")
    assert isinstance(error, PulumiError)
    assert str(error) == "pulumi refresh --yes: error: provider: 502"
    assert error.exit_code is ExitCode.ERROR


def test_a_stack_that_is_not_there_comes_with_advice() -> None:
    """As do the errors that every beginner meets."""
    error = failure(("stack", "export"), "error: no stack named 'acme' found")
    assert str(error).endswith("make it with `pulumi stack init STACK`, or log in where it is")

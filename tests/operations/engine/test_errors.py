"""How slipway reports the error of a pulumi that failed."""

import json
from pathlib import Path

import pytest

from components.config.problems import ConfigurationError, ExitCode, Problem
from operations.engine.errors import PulumiError, failure

PREVIEW = ("preview", "--json")
CODES = (ExitCode.ERROR, ExitCode.CONFIGURATION, ExitCode.AUTHENTICATION)


def preview(*errors: str) -> str:
    """Return a failed preview's JSON with pulumi's further output."""
    found = [{"severity": "info#err", "message": "noise"}]
    found += [{"severity": "error", "message": text} for text in errors]
    return json.dumps({"steps": [], "diagnostics": found}) + "\nerror: preview failed"


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("count", [1, 2])
def test_the_programs_own_problems_are_read_back(code: ExitCode, count: int) -> None:
    """The program's own problems keep their text and exit code through pulumi's output."""
    problems = [
        Problem("stacks/acme/api.yaml", 10 - number, "environments.prod", f"no {number}")
        for number in range(count)
    ]
    ended = ConfigurationError(problems, code)
    error = failure(PREVIEW, preview(f"error: {ended}\n"))
    assert (str(error), error.exit_code) == (str(ended), code)


def test_problems_without_a_place_are_read_back() -> None:
    """Problems without a file, such as a missing secret's value, are read back as well."""
    ended = ConfigurationError([Problem("GITHUB_TOKEN", 0, "", "is not set: export one")])
    assert str(failure(PREVIEW, preview(str(ended)))) == str(ended)


def test_other_errors_are_shown_as_pulumis() -> None:
    """Another error is shown as pulumi's, without a promise that nothing changed."""
    error = failure(("refresh", "--yes"), "error: provider: 502\n")
    assert isinstance(error, PulumiError)
    assert str(error) == "pulumi refresh --yes: error: provider: 502"
    assert error.exit_code is ExitCode.ERROR


def test_the_error_of_a_missing_stack_has_advice() -> None:
    """Common errors, such as a missing stack, have advice."""
    error = failure(("stack", "export"), "error: no stack named 'acme' found")
    assert str(error).endswith("make it with `slipway init STACK`, or log in where it is")


def test_a_programs_problem_has_its_path_from_where_the_user_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program runs in the project's folder; slipway shows its paths from the user's folder."""
    folder = tmp_path / "stacks/acme"
    folder.mkdir(parents=True)
    (tmp_path / "Pulumi.yaml").touch()
    (folder / "a.yaml").touch()
    monkeypatch.chdir(folder)
    said = "stacks/acme/a.yaml:3: deploy: is wrong\nGitHub: is down\n"
    error = failure(("up",), said + "2 problems. Nothing was changed.")
    assert [problem.file for problem in error.problems] == ["", "a.yaml"]
    assert str(error).splitlines() == [
        "GitHub: is down",
        "a.yaml:3: deploy: is wrong",
        "2 problems. Nothing was changed.",
    ]

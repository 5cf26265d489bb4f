"""The three CI jobs of the standard: lint, security and tests.

Every job checks out the triggering commit, sets up Python and installs what the repository lists.
None of them blocks a deployment (`continue-on-error`), and none of them is silent: what they find
is in the run's summary.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from components.documents.workflows.emit import COMMENT
from components.documents.workflows.scripts import (
    BANDIT,
    BANDIT_SUMMARY,
    COVERAGE_SUMMARY,
    FIND_TESTS,
    FLAKE8,
    FLAKE8_SUMMARY,
    INSTALL,
    INSTALL_TESTS,
    PYTEST,
)

Step = dict[str, Any]
MATRIX_VERSION = "${{ matrix.python-version }}"
WITH_TESTS = "steps.tests.outputs.present == 'true'"


def checkout(ref: str | None) -> Step:
    """Check out the triggering commit, or `ref` where the trigger has none of its own."""
    step: Step = {"name": "Check out", "uses": "actions/checkout@v4"}
    return step if ref is None else {**step, "with": {"ref": ref}}


def ci_jobs(
    versions: Sequence[str], condition: str | None, ref: str | None
) -> dict[str, dict[str, Any]]:
    """The jobs by id.

    Args:
        versions: the matrix of the lint and test jobs; security runs on the newest.
        condition: when the jobs run at all; always, if None.
        ref: what to check out, for triggers that check out something else by default.
    """
    start = [checkout(ref)]
    return {
        "python-lint": _job(
            "Style, by Flake8. Findings do not stop a deployment; they are in the summary.",
            versions,
            condition,
            [
                *start,
                *_python(MATRIX_VERSION),
                {"name": "Install dependencies", "run": INSTALL},
                {"name": "Run Flake8", "run": FLAKE8},
                {"name": "Report findings", "if": "always()", "run": FLAKE8_SUMMARY},
            ],
        ),
        "python-security": _job(
            "Security, by Bandit. Findings do not stop a deployment; they are in the summary.",
            versions[-1:],
            condition,
            [
                *start,
                *_python(MATRIX_VERSION),
                {"name": "Install dependencies", "run": INSTALL},
                {"name": "Run Bandit", "run": BANDIT},
                {"name": "Report findings", "if": "always()", "run": BANDIT_SUMMARY},
            ],
        ),
        "python-tests": _job(
            "Tests, where there is a folder tests/. The job itself always runs: GitHub skips\n"
            "whatever needs a skipped job, and that would be the deployment.",
            versions,
            condition,
            [*start, *_tests()],
        ),
    }


def _job(
    comment: str, versions: Sequence[str], condition: str | None, steps: list[Step]
) -> dict[str, Any]:
    job: dict[str, Any] = {COMMENT: comment}
    if condition is not None:
        job["if"] = condition
    return job | {
        "runs-on": "ubuntu-latest",
        "continue-on-error": True,
        "strategy": {"fail-fast": False, "matrix": {"python-version": list(versions)}},
        "steps": steps,
    }


def _python(version: str, condition: str | None = None) -> list[Step]:
    """Set up Python and its cache.

    setup-python's own cache fails where there is no requirements file, so the cache is separate.
    """
    steps: list[Step] = [
        {
            "name": "Set up Python",
            "uses": "actions/setup-python@v5",
            "with": {"python-version": version},
        },
        {
            "name": "Cache pip dependencies",
            "uses": "actions/cache@v4",
            "with": {
                "path": "~/.cache/pip",
                "key": (
                    "${{ runner.os }}-pip-" + version + "-"
                    "${{ hashFiles('**/requirements*.txt', '**/pyproject.toml') }}"
                ),
                "restore-keys": "${{ runner.os }}-pip-" + version + "-",
            },
        },
    ]
    return [_when(step, condition) for step in steps]


def _tests() -> list[Step]:
    steps: list[Step] = [
        {"name": "Install dependencies and test requirements", "run": INSTALL_TESTS},
        {"name": "Run tests", "run": PYTEST},
        {"name": "Report coverage", "if": "always()", "run": COVERAGE_SUMMARY},
        {
            "name": "Upload coverage",
            "if": "always()",
            "uses": "actions/upload-artifact@v4",
            "with": {
                "name": f"coverage-{MATRIX_VERSION}",
                "path": "coverage.xml\nhtmlcov/",
                "if-no-files-found": "warn",
                "retention-days": 1,
            },
        },
    ]
    return [
        {"name": "Look for tests", "id": "tests", "run": FIND_TESTS},
        *_python(MATRIX_VERSION, WITH_TESTS),
        *(_when(step, WITH_TESTS) for step in steps),
    ]


def _when(step: Mapping[str, Any], condition: str | None) -> Step:
    """The step under a condition, beside its own."""
    if condition is None:
        return dict(step)
    both = f"{step['if']} && {condition}" if "if" in step else condition
    rest = {key: value for key, value in step.items() if key not in {"name", "if"}}
    return {"name": step["name"], "if": both} | rest

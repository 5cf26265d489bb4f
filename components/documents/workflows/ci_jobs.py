"""The three CI jobs of the standard: lint, security and tests.

None of them blocks a deployment (`continue-on-error`), and none of them is silent: what they find
is in the run's summary and beside it as a warning.
"""

from collections.abc import Sequence
from typing import Any, Final

from components.documents.workflows import scripts
from components.documents.workflows.emit import Explained
from components.documents.workflows.steps import MATRIX_VERSION, Step, checkout, python

_WITH_TESTS: Final = "steps.tests.outputs.present == 'true'"
_VERSION: Final = {"PYTHON": MATRIX_VERSION}


def ci_jobs(
    versions: Sequence[str], condition: str | None, ref: str | None
) -> dict[str, Explained]:
    """The jobs by id.

    Args:
        versions: the matrix of the lint and test jobs; security runs on the newest.
        condition: when the jobs run at all; always, if None.
        ref: what to check out, for triggers that check out something else by default.
    """
    newest = max(versions, key=lambda version: [int(part) for part in version.split(".")])
    matrices = {
        "python-lint": (versions, "Style. Findings stop no deployment.", _LINT),
        "python-security": ([newest], "Security. Findings stop no deployment.", _SECURITY),
        "python-tests": (
            versions,
            (
                "Failing tests stop no deployment. The job runs without a folder tests/, too:\n"
                "GitHub skips whatever needs a skipped job, and that would be the deployment."
            ),
            _TESTS,
        ),
    }
    return {
        id_: Explained(_job(id_, matrix, condition, [checkout(ref), *steps]), why)
        for id_, (matrix, why, steps) in matrices.items()
    }


def _job(
    id_: str, versions: Sequence[str], condition: str | None, steps: Sequence[Step]
) -> dict[str, Any]:
    return {
        "name": id_,
        **({} if condition is None else {"if": condition}),
        "runs-on": "ubuntu-latest",
        "continue-on-error": True,
        "strategy": {"fail-fast": False, "matrix": {"python-version": list(versions)}},
        "steps": [step.tree() for step in steps],
    }


_LINT: Final = [
    *python(),
    Step(name="Run Flake8", run=scripts.FLAKE8),
    Step(name="Report findings", env=_VERSION, run=scripts.REPORT_FLAKE8),
]
_SECURITY: Final = [
    *python(),
    Step(name="Run Bandit", run=scripts.BANDIT),
    Step(name="Report findings", env=_VERSION, run=scripts.REPORT_BANDIT),
]
_TESTS: Final = [
    Step(name="Look for tests", id="tests", run=scripts.FIND_TESTS),
    *(
        step.also_when(_WITH_TESTS)
        for step in (
            *python(),
            Step(name="Install test requirements", run=scripts.INSTALL_TEST_REQUIREMENTS),
            Step(
                name="Run tests",
                env={"PYTEST_ADDOPTS": "--junit-xml=${{ runner.temp }}/pytest.xml"},
                run=scripts.PYTEST,
            ),
            Step(  # noqa: S604 - a step's `shell`, which runs nothing here
                name="Report findings",
                when="always()",
                env=_VERSION,
                shell="python",
                run=scripts.REPORT_PYTEST,
            ),
            Step(
                name="Upload coverage",
                why="A name serves one upload only, so each version of the matrix has its own.",
                when="always()",
                uses="actions/upload-artifact@v4",
                inputs={
                    "name": f"coverage-{MATRIX_VERSION}",
                    "path": "coverage.xml\nhtmlcov/\n",
                    "retention-days": 1,
                },
            ),
        )
    ),
]

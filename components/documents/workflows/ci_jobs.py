"""The three CI jobs of the standard: lint, security and tests.

None of them is silent: what they find is in the run's summary, beside it as a warning, and in the
job's outputs, which the deployment repeats. By the standard none of them blocks a deployment
(`continue-on-error`); by declaration each may.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from components.documents.workflows import ci_scripts
from components.documents.workflows.actions import action
from components.documents.workflows.emit import Explained
from components.documents.workflows.folders import Folders
from components.documents.workflows.steps import (
    MATRIX_VERSION,
    Step,
    checkout,
    declared,
    python,
    runs_on,
)
from components.model.ci import CiJob, Service, TestsJob
from components.model.pipeline import Pipeline

#: Ids of the jobs, in the standard's order.
CI_JOBS: Final = ("python-lint", "python-security", "python-tests")
_WITH_TESTS: Final = "steps.tests.outputs.present == 'true'"
#: Nobody could look where the checkout failed: that the tests did not run is told then, too.
_NOT_WITHOUT: Final = "steps.tests.outputs.present != 'false'"


@dataclass(frozen=True)
class _Frame:
    """What the jobs of one file share."""

    pipeline: Pipeline
    folders: Folders
    after: str | None
    ref: str | None


def ci_jobs(pipeline: Pipeline, after: str | None, ref: str | None) -> dict[str, Explained]:
    """The jobs by id.

    Args:
        pipeline: what the declaration says.
        after: the job without whose success they do not run; they always run, if None.
        ref: what to check out, for triggers that check out something else by default.
    """
    frame = _Frame(pipeline, Folders.of(pipeline), after, ref)
    versions, ci = pipeline.python_versions, pipeline.ci
    lint = _job(frame, CI_JOBS[0], versions, ci.lint, _lint(frame))
    security = _job(frame, CI_JOBS[1], [pipeline.newest_python], ci.security, _security(frame))
    tests = _job(frame, CI_JOBS[2], versions, ci.tests, _tests(frame))
    return {
        CI_JOBS[0]: Explained(lint, f"Style. {_effect(ci.lint)}"),
        CI_JOBS[1]: Explained(security, f"Security. {_effect(ci.security)}"),
        CI_JOBS[2]: Explained(
            tests,
            f"Tests. {_effect(ci.tests)} The job runs without a folder tests/, too:\n"
            "GitHub skips whatever needs a skipped job, and that would be the deployment.",
        ),
    }


def _effect(job: CiJob) -> str:
    return "Findings stop the deployment." if job.blocking else "Findings stop no deployment."


def _job(
    frame: _Frame, id_: str, versions: Sequence[str], job: CiJob, steps: Sequence[Step]
) -> dict[str, Any]:
    pipeline, folders = frame.pipeline, frame.folders
    matrix = {"python-version": list(versions), **folders.matrix}
    count = len(versions) * folders.count
    services = job.services if isinstance(job, TestsJob) else {}
    content: dict[str, Any] = {
        "name": id_,
        "needs": frame.after,
        "runs-on": runs_on(job.runs_on or pipeline.runs_on),
        "timeout-minutes": job.timeout_minutes or pipeline.timeout_minutes,
        "continue-on-error": None if job.blocking else True,
        "strategy": {"fail-fast": False, "matrix": matrix},
        # Each job of the matrix has an output of its own, or the last one's would be all there is.
        "outputs": {
            f"findings_{index}": f"${{{{ steps.findings.outputs.findings_{index} }}}}"
            for index in range(count)
        },
        "services": {name: _service(service) for name, service in services.items()},
        "defaults": folders.defaults,
        "steps": [step.tree() for step in (checkout(frame.ref, strict=pipeline.strict), *steps)],
    }
    return {key: value for key, value in content.items() if value not in (None, {})}


def _service(service: Service) -> dict[str, Any]:
    content = {
        "image": service.image,
        "env": dict(service.env),
        "ports": list(service.ports),
        "options": service.options,
    }
    return {key: value for key, value in content.items() if value}


def _report(frame: _Frame, script: str, interpreter: str | None = None) -> Step:
    """Tell what was found, also after a blocking tool has failed its step."""
    return Step(
        name="Report findings",
        id="findings",
        when="always()",
        env={"WHERE": frame.folders.where, "OUTPUT": "findings_${{ strategy.job-index }}"},
        shell=interpreter,
        run=script,
    )


def _tool(frame: _Frame, job: CiJob, name: str, script: str, report: str) -> list[Step]:
    """The steps of a job that runs one tool over the sources."""
    return [
        *python(frame.folders.requirements, strict=frame.pipeline.strict),
        *declared(job.before),
        Step(name=f"Run {name}", run=script),
        _report(frame, report),
        *declared(job.after, always=True),
    ]


def _lint(frame: _Frame) -> list[Step]:
    job = frame.pipeline.ci.lint
    script = ci_scripts.FLAKE8_BLOCKING if job.blocking else ci_scripts.FLAKE8
    return _tool(frame, job, "Flake8", script, ci_scripts.REPORT_FLAKE8)


def _security(frame: _Frame) -> list[Step]:
    job = frame.pipeline.ci.security
    script = ci_scripts.BANDIT_BLOCKING if job.blocking else ci_scripts.BANDIT
    return _tool(frame, job, "Bandit", script, ci_scripts.REPORT_BANDIT)


def _tests(frame: _Frame) -> list[Step]:
    job, strict = frame.pipeline.ci.tests, frame.pipeline.strict
    script = ci_scripts.PYTEST_BLOCKING if job.blocking else ci_scripts.PYTEST
    report = _report(frame, ci_scripts.REPORT_PYTEST, interpreter="python")
    before = [
        *python(frame.folders.requirements, strict=strict),
        Step(name="Install test requirements", run=ci_scripts.INSTALL_TEST_REQUIREMENTS),
        *declared(job.before),
        Step(
            name="Run tests",
            env={"PYTEST_ADDOPTS": "--junit-xml=${{ runner.temp }}/pytest.xml"},
            run=script,
        ),
    ]
    after = [
        Step(
            name="Upload coverage",
            why="A name serves one upload only, so each job of the matrix has its own.",
            when="always()",
            uses=action("actions/upload-artifact", pinned=strict),
            inputs={
                "name": f"coverage-{MATRIX_VERSION}{frame.folders.suffix}",
                "path": f"{frame.folders.prefix}coverage.xml\n{frame.folders.prefix}htmlcov/\n",
                "retention-days": 1,
            },
        ),
        *declared(job.after, always=True),
    ]
    look = Step(name="Look for tests", id="tests", run=ci_scripts.FIND_TESTS)
    return [
        look,
        *(step.also_when(_WITH_TESTS) for step in before),
        report.also_when(_NOT_WITHOUT),
        *(step.also_when(_WITH_TESTS) for step in after),
    ]

"""The three CI jobs of the standard: lint, security and tests.

Each tool runs once; its findings are in the run's summary and in a warning. In the standard no job
blocks a deployment (`continue-on-error`); a declaration can let each of them block.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from components.documents.workflows import ci_scripts
from components.documents.workflows.actions import action
from components.documents.workflows.folders import Folders
from components.documents.workflows.install_script import INSTALL_TESTS
from components.documents.workflows.steps import (
    MATRIX_VERSION,
    RenderedStep,
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


@dataclass(frozen=True)
class _Frame:
    """Settings that the jobs of one file share."""

    pipeline: Pipeline
    folders: Folders
    after: str | None
    ref: str | None


def ci_jobs(pipeline: Pipeline, after: str | None, ref: str | None) -> dict[str, Any]:
    """The jobs by id.

    Args:
        pipeline: the resolved declaration.
        after: the job that must succeed before they run; None if they always run.
        ref: branch or commit to check out, for triggers with another default.
    """
    frame = _Frame(pipeline, Folders.of(pipeline), after, ref)
    versions, ci = pipeline.python_versions, pipeline.ci
    lint = _job(frame, CI_JOBS[0], versions, ci.lint, _lint(frame))
    security = _job(frame, CI_JOBS[1], (), ci.security, _security(frame))
    tests = _job(frame, CI_JOBS[2], versions, ci.tests, _tests(frame))
    return {
        CI_JOBS[0]: lint,
        CI_JOBS[1]: security,
        # Without tests/ it skips its steps, not the job: GitHub skips jobs that need a skipped job.
        CI_JOBS[2]: tests,
    }


def _job(
    frame: _Frame, id_: str, versions: Sequence[str], job: CiJob, steps: Sequence[RenderedStep]
) -> dict[str, Any]:
    pipeline, folders = frame.pipeline, frame.folders
    services = job.services if isinstance(job, TestsJob) else {}
    matrix = ({"python-version": list(versions)} if versions else {}) | folders.matrix
    strategy: dict[str, Any] = {"matrix": matrix} if matrix else {}
    if matrix and job.blocking:
        # If the job continues on error, GitHub does not cancel the rest of the matrix anyway.
        strategy = {"fail-fast": False} | strategy
    content: dict[str, Any] = {
        "name": id_,
        "needs": frame.after,
        "runs-on": runs_on(job.runs_on or pipeline.runs_on),
        "timeout-minutes": job.timeout_minutes or pipeline.timeout_minutes,
        "continue-on-error": None if job.blocking else True,
        "strategy": strategy,
        "services": {name: _service(service) for name, service in services.items()},
        "defaults": folders.defaults,
        "steps": [step.tree() for step in steps],
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


def _report(script: str) -> RenderedStep:
    """Report the findings, also after a blocking tool has failed its step."""
    env = {"STATUS": "${{ job.status }}"}
    return RenderedStep(name="Report findings", when="always()", env=env, run=script)


def _tool(  # noqa: PLR0913, PLR0917 - the differences of lint and security
    frame: _Frame, job: CiJob, version: str, name: str, script: str, report: str
) -> list[RenderedStep]:
    """The steps of a job that runs one tool over the sources."""
    return [
        checkout(frame.pipeline, frame.ref),
        *python(frame.pipeline, version, frame.folders.requirements),
        *declared(job.before),
        RenderedStep(name="Install dependencies", run=ci_scripts.INSTALL),
        RenderedStep(
            name=f"Run {name}",
            shell=ci_scripts.KEEP_OUTPUT.format(tool=name.lower()),
            run=script,
        ),
        _report(report),
        *declared(job.after, always=True),
    ]


def _lint(frame: _Frame) -> list[RenderedStep]:
    job = frame.pipeline.ci.lint
    script = ci_scripts.FLAKE8_BLOCKING if job.blocking else ci_scripts.FLAKE8
    return _tool(frame, job, MATRIX_VERSION, "Flake8", script, ci_scripts.REPORT_FLAKE8)


def _security(frame: _Frame) -> list[RenderedStep]:
    job = frame.pipeline.ci.security
    script = ci_scripts.BANDIT_BLOCKING if job.blocking else ci_scripts.BANDIT
    version = frame.pipeline.newest_python
    return _tool(frame, job, version, "Bandit", script, ci_scripts.REPORT_BANDIT)


def _tests(frame: _Frame) -> list[RenderedStep]:
    job, pipeline, folders = frame.pipeline.ci.tests, frame.pipeline, frame.folders
    before = [
        *python(pipeline, MATRIX_VERSION, folders.requirements),
        *declared(job.before),
        RenderedStep(name="Install dependencies", run=INSTALL_TESTS),
        RenderedStep(
            name="Run tests",
            why="The shell keeps output and exit code for the report, as `|| true` hides them.",
            shell=ci_scripts.KEEP_EXIT_CODE,
            run=ci_scripts.PYTEST_BLOCKING if job.blocking else ci_scripts.PYTEST,
        ),
    ]
    after = [
        RenderedStep(
            name="Upload coverage",
            when="always()",
            uses=action("actions/upload-artifact", pipeline),
            inputs={
                # A name serves one upload only, so each job of the matrix has its own.
                "name": f"coverage-{MATRIX_VERSION}{folders.suffix}",
                "path": f"{folders.prefix}coverage.xml\n{folders.prefix}htmlcov/\n",
                "retention-days": 1,
            },
        ),
        *declared(job.after, always=True),
    ]
    return [
        checkout(pipeline, frame.ref, history=pipeline.builds_wheels),
        RenderedStep(name="Look for tests", id="tests", run=ci_scripts.FIND_TESTS),
        *(step.also_when(_WITH_TESTS) for step in before),
        _report(ci_scripts.REPORT_PYTEST),
        *(step.also_when(_WITH_TESTS) for step in after),
    ]

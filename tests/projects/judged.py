"""Expectations for every run of the table."""

from typing import Final

from tests.projects.outcome import Run
from tests.projects.project import Project
from tests.projects.words import NOT_INSTALLED, heading

_TOOLS: Final = {"python-lint": "Flake8", "python-security": "Bandit", "python-tests": "Tests"}


def judge(run: Run, project: Project, *, strict: bool) -> None:
    """Check each tool's heading, its warning, and whether it stops the deployment.

    In the standard profile nothing stops a deployment; in the strict profile blocking results do.
    """
    said = {name: run.jobs[name].headings for name in _TOOLS}
    wanted = {
        name: [heading(_TOOLS[name], state, folder) for folder in project.folders]
        for name, state in project.states.items()
    }
    assert said == wanted, f"{run.text}\n{said} is not {wanted}"
    for name, state in project.states.items():
        told = [line for line in run.jobs[name].warnings if line.startswith(_TOOLS[name])]
        assert bool(told) == state.warned, (name, run.jobs[name].warnings)
    warned = [line.partition(": ")[0] for line in run.jobs["python-tests"].warnings]
    assert (NOT_INSTALLED in warned) != project.installed, run.text
    blocking = {name for name, state in project.states.items() if strict and state.blocks}
    ended = {name: job.conclusion for name, job in run.jobs.items()}
    due = {name: "failure" if name in blocking else "success" for name in _TOOLS}
    due["deploy-dev"] = "skipped" if blocking else "success"
    assert ended == due, f"{run.text}\n{ended} is not {due}"
    if run.deployed:
        project.also(run)

"""Run a rendered workflow: jobs in order, each if its `needs` and its `if` allow it.

Deliberately absent: triggers and branches, environments' rules, and containers: where a job has
services, a listener answers on their ports.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from tests.projects import expressions
from tests.projects.beginning import Beginning, alike
from tests.projects.job import JobRun, Outputs, Tree
from tests.projects.machine import Machine
from tests.projects.outcome import JobOutcome, Run
from tests.projects.services import listening
from tests.projects.source import Source
from tests.projects.workspace import Workspace


@dataclass(frozen=True)
class Executor:
    """Runs a workflow of one repository."""

    machine: Machine
    source: Source
    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    """The Python environment that setup-python gives to a job, by the job's id; default `bare`."""

    beginnings: dict[str, Beginning] = field(default_factory=dict)
    """The steps that a job of two runs has in common, by the name of the job's folder."""

    def share(self, one: Tree, other: Tree) -> None:
        """Execute the common first steps of two workflows' jobs once; the second one runs next."""
        for id_, job in one["jobs"].items():
            steps = alike(job, other["jobs"][id_]) if one.get("env") == other.get("env") else 0
            if any("run" in step for step in job["steps"][:steps]):
                for index in range(len(matrix(job))):
                    name = f"{id_}-{index}"
                    place = self.folder.with_name("beginnings") / name
                    self.beginnings[name] = Beginning(steps, place)

    def run(self, workflow: Tree) -> Run:
        """Run all jobs; jobs that need others are later in the file."""
        run, uploaded = Run({}), set[str]()
        for id_, job in workflow["jobs"].items():
            needed = job.get("needs", [])
            names = [needed] if isinstance(needed, str) else needed
            needs = {name: run.jobs[name] for name in names}
            contexts = {"github": self._github(workflow, id_), "needs": _known(needs)}
            if expressions.holds(job.get("if"), contexts, _status(needs)):
                env = {name: str(value) for name, value in workflow.get("env", {}).items()}
                run.jobs[id_] = self._job(id_, job, contexts | self._given(job), env, uploaded)
            else:
                run.jobs[id_] = JobOutcome()
        return run

    def _job(
        self, id_: str, job: Tree, contexts: dict[str, Any], env: dict[str, str], uploaded: set[str]
    ) -> JobOutcome:
        outcome, entries = JobOutcome(), matrix(job)
        with listening(job.get("services", {})):
            for index, entry in enumerate(entries):
                strategy = {"job-index": index, "job-total": len(entries)}
                folder = self.folder / f"{id_}-{index}"
                template = self.templates.get(id_, "bare")
                kept = self.folder.with_name("results") if self.beginnings else None
                workspace = Workspace(folder, self.machine, self.source, template, uploaded, kept)
                own = contexts | {"matrix": entry, "strategy": strategy}
                part = JobRun(workspace, job, own, dict(env))
                part.run(self.beginnings.get(folder.name))
                _add(outcome, part)
        tolerated = job.get("continue-on-error") is True
        outcome.result = "success" if tolerated else outcome.conclusion
        return outcome

    def _given(self, job: Tree) -> dict[str, Any]:
        """Variables and secrets; AWS's come from the environment."""
        own = {"AWS_ROLE_ARN": "arn:aws:iam::111111111111:role/slipway", "AWS_REGION": "eu-west-1"}
        variables = {**self.variables, **(own if "environment" in job else {})}
        return {"vars": variables, "secrets": dict(self.secrets)}

    def _github(self, workflow: Tree, id_: str) -> dict[str, Any]:
        source = self.source
        return {
            "actor": "octocat",
            "api_url": "https://api.github.com",
            "event_name": "push",
            "job": id_,
            "ref": f"refs/heads/{source.branch}",
            "ref_name": source.branch,
            "repository": f"acme/{source.name}",
            "run_attempt": "1",
            "run_id": "1",
            "run_number": "1",
            "server_url": "https://github.com",
            "sha": source.commit,
            "token": "the-token",
            "workflow": workflow["name"],
        }


def _known(needs: Mapping[str, JobOutcome]) -> dict[str, Any]:
    """Return the context `needs`."""
    return {
        name: {"result": other.result, "outputs": Outputs(other.outputs)}
        for name, other in needs.items()
    }


def _status(needs: Mapping[str, JobOutcome]) -> dict[str, Any]:
    """Return the functions that test the results of the needed jobs."""
    results = {other.result for other in needs.values()}
    return {
        "always": lambda: True,
        "cancelled": lambda: False,
        "failure": lambda: "failure" in results,
        "success": lambda: results <= {"success"},
    }


def matrix(job: Tree) -> list[dict[str, Any]]:
    """Return the combinations of a job's matrix.

    Raises:
        NotImplementedError: the matrix has `include` or `exclude`.
    """
    dimensions = job.get("strategy", {}).get("matrix", {})
    if {"include", "exclude"} & set(dimensions):
        raise NotImplementedError(f"matrix {dimensions}")
    return [dict(zip(dimensions, values, strict=True)) for values in product(*dimensions.values())]


def _add(outcome: JobOutcome, part: JobRun) -> None:
    """Add the outcome of one job of the matrix to the others."""
    space = part.workspace
    failed = part.failed or outcome.conclusion == "failure"
    outcome.conclusion = "failure" if failed else "success"
    outcome.outputs |= {name: value for name, value in part.outputs.items() if value}
    for name, state in part.outcomes.items():
        if outcome.steps.get(name) != "failure":
            outcome.steps[name] = state
    outcome.log += "".join(space.log)
    outcome.summary += space.summary
    outcome.warnings += space.annotations.warnings
    outcome.errors += space.annotations.errors
    outcome.artifacts |= space.artifacts
    outcome.calls += space.calls_file.read_text().splitlines()
    outcome.workspaces.append(space.checkout)

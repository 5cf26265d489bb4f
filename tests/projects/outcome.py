"""The outcome of a workflow run: results, logs, summaries, annotations and artifacts."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class JobOutcome:
    """One job, with all its matrix jobs."""

    conclusion: str = "skipped"
    """Its result: `success`, `failure` or `skipped`."""
    result: str = "skipped"
    """The value of `needs.JOB.result`: `continue-on-error` turns a failure into a success."""
    outputs: dict[str, str] = field(default_factory=dict)
    steps: dict[str, str] = field(default_factory=dict)
    """Outcome of each step by name; `failure` if it failed in one of the matrix jobs."""
    log: str = ""
    summary: str = ""
    warnings: list[str] = field(default_factory=list)
    """`TITLE: MESSAGE` of each."""
    errors: list[str] = field(default_factory=list)
    artifacts: dict[str, dict[str, Path]] = field(default_factory=dict)
    """By name: the uploaded files, by their path in the checkout."""
    calls: list[str] = field(default_factory=list)
    """Arguments of each call of `aws`."""
    workspaces: list[Path] = field(default_factory=list)
    """The checkouts after the jobs."""

    @property
    def headings(self) -> list[str]:
        """The headings of the summary, without their symbols."""
        lines = self.summary.splitlines()
        return [line.removeprefix("### ") for line in lines if line.startswith("### ")]


@dataclass
class Run:
    """One run of one workflow."""

    jobs: dict[str, JobOutcome]

    @property
    def failed(self) -> set[str]:
        """The failed jobs, also those that did not stop others."""
        return {name for name, job in self.jobs.items() if job.conclusion == "failure"}

    @property
    def deployment(self) -> JobOutcome:
        """The deployment job."""
        (job,) = (job for name, job in self.jobs.items() if name.startswith("deploy-"))
        return job

    @property
    def deployed(self) -> bool:
        """True if the deployment succeeded."""
        return self.deployment.conclusion == "success"

    @property
    def text(self) -> str:
        """All text of the run that people can read: logs, summaries, annotations, outputs."""
        parts = [
            part
            for job in self.jobs.values()
            for part in (job.log, job.summary, *job.warnings, *job.errors, *job.outputs.values())
        ]
        return "\n".join(parts)

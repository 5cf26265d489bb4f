"""The outcome of a run, read from act's log: jobs, steps, outputs, findings and artifacts.

Results and outputs of jobs are those that act gives to a job that needs them (see `act_copy`).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.workflows.act_copy import INDEX


@dataclass
class Job:
    """One job, with all its matrix jobs."""

    result: str
    """`success`, `failure` or `skipped`, as in `needs.JOB.result`."""
    outputs: dict[str, str]
    matrix: list[dict[str, Any]] = field(default_factory=list)
    """The combinations that ran."""
    steps: dict[str, str] = field(default_factory=dict)
    """Outcome by name of each step that ran; `failure` if it failed in one matrix job."""
    began: int = -1
    """Position of its first entry in the log; -1 if it did not run."""
    ended: int = -1


@dataclass(frozen=True)
class Artifact:
    """The files of one upload."""

    files: dict[str, bytes]
    retention_days: int


@dataclass
class Run:
    """One run of one workflow file. All text is masked as GitHub shows it."""

    id: int
    """GITHUB_RUN_ID."""
    jobs: dict[str, Job]
    artifacts: dict[str, Artifact]
    log: list[str] = field(default_factory=list)
    """The output of the steps."""
    summary: str = ""
    """The job summaries, in the order in which their steps ended."""
    warnings: list[str] = field(default_factory=list)
    """`TITLE: MESSAGE` of each warning."""
    errors: list[str] = field(default_factory=list)
    """`TITLE: MESSAGE` of each error."""

    @property
    def results(self) -> dict[str, str]:
        """The result of each job."""
        return {name: job.result for name, job in self.jobs.items()}

    @property
    def text(self) -> str:
        """The log as one text: pytest shows a message of several lines whole, and no long list."""
        return "\n".join(self.log)


def read_run(
    number: int,
    entries: Iterable[Mapping[str, Any]],
    needs: Mapping[str, Mapping[str, Any]],
    artifacts: Path,
    mask: Callable[[str], str],
) -> Run:
    """Read the run.

    Args:
        number: the run's id.
        entries: act's log.
        needs: the witness's JSON.
        artifacts: the folder of the uploads.
        mask: hides values that act does not know as secret.
    """
    jobs = {name: Job(told["result"], dict(told["outputs"] or {})) for name, told in needs.items()}
    run = Run(number, jobs, _artifacts(artifacts))
    for position, entry in enumerate(entries):
        if entry.get("jobID") in jobs:
            _note_job(jobs[entry["jobID"]], position, entry)
            _note_text(run, entry, mask)
    return run


def _note_job(job: Job, position: int, entry: Mapping[str, Any]) -> None:
    if job.began < 0:
        job.began = position
    job.ended = position
    matrix = {name: value for name, value in (entry.get("matrix") or {}).items() if name != INDEX}
    if matrix and matrix not in job.matrix:
        job.matrix.append(matrix)
    # An action's own steps have longer ids.
    if entry.get("stage") == "Main" and "stepResult" in entry and len(entry["stepID"]) == 1:
        step, result = entry["step"], entry["stepResult"]
        if job.steps.get(step) != "failure":
            job.steps[step] = result


def _note_text(run: Run, entry: Mapping[str, Any], mask: Callable[[str], str]) -> None:
    if entry.get("raw_output"):
        run.log.append(mask(entry["msg"].rstrip("\n")))
    command = entry.get("command")
    if command == "summary":
        run.summary += mask(entry["content"])
    if command in {"warning", "error"}:
        title = (entry.get("kvPairs") or {}).get("title", "")
        text = mask(f"{title}: {entry['arg']}".removeprefix(": "))
        (run.warnings if command == "warning" else run.errors).append(text)


def _artifacts(folder: Path) -> dict[str, Artifact]:
    found = {}
    for facts in sorted(folder.glob("*.json")):
        content = facts.with_suffix("")
        files = {
            file.relative_to(content).as_posix(): file.read_bytes()
            for file in content.rglob("*")
            if file.is_file()
        }
        told = json.loads(facts.read_text(encoding="utf-8"))
        found[content.name] = Artifact(files, told["retention-days"])
    return found

"""Which workflow files, other than the standard's, use dev, test and prod, and with which role."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from components.documents.workflows import FILES
from components.model.types import ENVIRONMENTS
from operations.diff.workflows.text import Workflow, read_workflow, used_environments
from operations.live.observed import ObservedRepository

_OURS: Final = frozenset(FILES.values())


def using_workflows(live: ObservedRepository) -> Iterator[tuple[str, str, list[str]]]:
    """Branch, file name and environments of each workflow of another name that uses some.

    One that can't be read may use any of them.
    """
    for branch, file, content in _read(live):
        used = sorted(ENVIRONMENTS if content is None else used_environments(content))
        if used and file not in _OURS:
            yield branch, file, used


def assumed_roles(live: ObservedRepository, environment: str) -> set[str]:
    """What jobs of an environment give as `role-to-assume`: an ARN or an expression.

    That is the input of aws-actions/configure-aws-credentials; the standard's files count as well,
    whatever they hold now.
    """
    found: set[str] = set()
    for _, _, content in _readable(live):
        jobs = content.get("jobs")
        for job in jobs.values() if isinstance(jobs, Mapping) else ():
            if environment in used_environments({"jobs": {"job": job}}):
                found |= set(_assumed(job))
    return found


def assuming_elsewhere(live: ObservedRepository) -> Iterator[tuple[str, str]]:
    """Branch and file name of each workflow that assumes a role outside dev, test and prod."""
    for branch, file, content in _readable(live):
        jobs = content.get("jobs")
        for job in jobs.values() if isinstance(jobs, Mapping) else ():
            outside = not used_environments({"jobs": {"job": job}})
            if file not in _OURS and outside and any(_assumed(job)):
                yield branch, file
                break


def _assumed(job: Any) -> Iterator[str]:
    """What steps of a job give as `role-to-assume`."""
    for step in job.get("steps") or () if isinstance(job, Mapping) else ():
        given = step.get("with") if isinstance(step, Mapping) else None
        if isinstance(given, Mapping) and given.get("role-to-assume"):
            yield str(given["role-to-assume"])


def _read(live: ObservedRepository) -> Iterator[tuple[str, str, Workflow | None]]:
    """Every workflow file; None for what can't be read.

    One that is the same on several of the branches and tags that are only admitted counts once.
    """
    seen = {(file, one.blob) for files in live.workflows.values() for file, one in files.items()}
    for branch, files in sorted(live.workflows.items()):
        for file, found in sorted(files.items()):
            yield branch, file, None if found.text is None else read_workflow(found.text)
    for ref, files in sorted(live.admitted.items()):
        for file, found in sorted(files.items()):
            if (file, found.blob) not in seen:
                seen.add((file, found.blob))
                name = ref.split("/", 2)[2]
                yield name, file, None if found.text is None else read_workflow(found.text)


def _readable(live: ObservedRepository) -> Iterator[tuple[str, str, Workflow]]:
    for branch, file, content in _read(live):
        if content is not None:
            yield branch, file, content

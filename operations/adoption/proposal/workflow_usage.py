"""Find workflow files, besides the standard's, that use dev, test and prod or assume a role."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from components.documents.workflows import FILES
from components.model.types import ENVIRONMENTS
from operations.diff.workflows.text import Workflow, read_workflow, used_environments
from operations.live.observed import ObservedRepository

_OURS: Final = frozenset(FILES.values())


def using_workflows(live: ObservedRepository) -> Iterator[tuple[str, str, list[str]]]:
    """Branch, file name and environments of each workflow of another name that uses some.

    A workflow that cannot be read may use any of them.
    """
    for branch, file, content in _read(live):
        used = sorted(ENVIRONMENTS if content is None else used_environments(content))
        if used and file not in _OURS:
            yield branch, file, used


def assumed_roles(live: ObservedRepository, environment: str) -> set[str]:
    """The values of `role-to-assume` in jobs of an environment: ARNs or expressions.

    It is an input of aws-actions/configure-aws-credentials. Files with the standard's names count
    as well: before the adoption they may have any content.
    """
    return {role for _, _, used, roles in _jobs(live) if environment in used for role in roles}


def assuming_elsewhere(live: ObservedRepository) -> Iterator[tuple[str, str]]:
    """Branch and file name of each workflow with a job outside dev, test and prod with a role."""
    found = ((branch, file) for branch, file, used, roles in _jobs(live) if roles and not used)
    yield from dict.fromkeys(place for place in found if place[1] not in _OURS)


def _jobs(live: ObservedRepository) -> Iterator[tuple[str, str, set[str], list[str]]]:
    """Branch, file name, environments and values of `role-to-assume` of each readable job."""
    for branch, file, content in _read(live):
        jobs = (content or {}).get("jobs")
        for job in jobs.values() if isinstance(jobs, Mapping) else ():
            yield branch, file, used_environments({"jobs": {"job": job}}), list(_assumed(job))


def _assumed(job: Any) -> Iterator[str]:
    for step in job.get("steps") or () if isinstance(job, Mapping) else ():
        given = step.get("with") if isinstance(step, Mapping) else None
        if isinstance(given, Mapping) and given.get("role-to-assume"):
            yield str(given["role-to-assume"])


def _read(live: ObservedRepository) -> Iterator[tuple[str, str, Workflow | None]]:
    """Every workflow file; None for the content of one that cannot be read.

    A file that is the same on several of the admitted branches and tags is returned once.
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

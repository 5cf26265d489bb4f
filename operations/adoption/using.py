"""Which workflow files, other than the standard's, use dev, test and prod, and with which role."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from components.documents.workflows import FILES
from operations.drifting.workflows import used_environments
from operations.observer.observed import ObservedRepository

_OURS: Final = frozenset(FILES.values())


def using_workflows(live: ObservedRepository) -> Iterator[tuple[str, str, list[str]]]:
    """Branch, file name and environments of each workflow of another name that uses some."""
    for branch, file, content in _parsed(live):
        used = sorted(used_environments(content))
        if used and file not in _OURS:
            yield branch, file, used


def assumed_roles(live: ObservedRepository, environment: str) -> set[str]:
    """What jobs of an environment give as `role-to-assume`: an ARN or an expression.

    That is the input of aws-actions/configure-aws-credentials; the standard's files count as well,
    whatever they hold now.
    """
    found: set[str] = set()
    for _, _, content in _parsed(live):
        jobs = content.get("jobs")
        for job in jobs.values() if isinstance(jobs, Mapping) else ():
            if environment in used_environments({"jobs": {"job": job}}):
                found |= set(_assumed(job))
    return found


def assuming_elsewhere(live: ObservedRepository) -> Iterator[tuple[str, str]]:
    """Branch and file name of each workflow that assumes a role outside dev, test and prod."""
    for branch, file, content in _parsed(live):
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


def _parsed(live: ObservedRepository) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every workflow file that was read and is a mapping."""
    for branch, files in sorted(live.workflows.items()):
        for file, found in sorted(files.items()):
            try:
                content = YAML(typ="safe", pure=True).load(found.text or "")
            except YAMLError:
                continue
            if isinstance(content, Mapping):
                yield branch, file, content

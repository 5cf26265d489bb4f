"""Read a workflow file: which of dev, test and prod its jobs use, and which events run them.

Not looked into are workflows that a job calls from elsewhere (`uses: OWNER/REPO/...@REF`).
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from components.config.yaml_base import load_base
from components.config.yaml_events import UnreadableYaml
from components.model.types import ENVIRONMENTS
from operations.diff.workflows.conditions import excludes

Workflow = Mapping[str, Any]
"""A workflow file's content; every scalar is text."""

#: Events for which GitHub reads only the default branch's file.
_FROM_DEFAULT: Final = frozenset({"workflow_run"})
#: Characters that make a branch filter a pattern (docs.github.com: filter pattern cheat sheet).
_PATTERN: Final = frozenset("*?+[]!\\")


def read_workflow(text: str) -> Workflow | None:
    """A file's content; empty if it is not a workflow, None if it cannot be read.

    Scalars stay text: `on` is not a boolean, and `2024-13-45` is not an invalid date.
    """
    try:
        content = load_base(text)
    except UnreadableYaml:
        return None
    return content if isinstance(content, Mapping) else {}


def used_environments(workflow: Workflow) -> set[str]:
    """The environments of dev, test and prod that a workflow's jobs name.

    An expression may yield any name, so it counts as all three (docs.github.com: workflow syntax,
    `jobs.<job_id>.environment`).
    """
    used: set[str] = set()
    jobs = workflow.get("jobs")
    for job in jobs.values() if isinstance(jobs, Mapping) else ():
        named = job.get("environment") if isinstance(job, Mapping) else None
        if isinstance(named, Mapping):
            named = named.get("name")
        if isinstance(named, str):
            any_of_them = "${{" in named
            used |= {name for name in ENVIRONMENTS if any_of_them or named.lower() == name}
    return used


def sleeps(
    workflow: Workflow, branch: str, *, default: bool, admitting: Collection[str] = ()
) -> bool:
    """True if no event starts a deployment by this file on a branch.

    These are: pushes to other branches only, named in full; `workflow_run`, for which GitHub reads
    the default branch's files (docs.github.com: events that trigger workflows); pull requests that
    each job with an environment excludes; and runs by hand on this branch, if none of the file's
    environments admits the branch.

    Args:
        workflow: the file's content.
        branch: the branch of the file.
        default: True if it is the default branch.
        admitting: the environments whose patterns admit the branch.
    """
    triggers = workflow.get("on")
    harmless = {"push", "pull_request", "workflow_dispatch"} | (set() if default else _FROM_DEFAULT)
    if not isinstance(triggers, Mapping) or not triggers or not triggers.keys() <= harmless:
        return False
    if "pull_request" in triggers and not _excluded(workflow, "pull_request"):
        return False
    if "workflow_dispatch" in triggers and used_environments(workflow) & set(admitting):
        return False
    if "push" not in triggers:
        return True
    push = triggers["push"]
    branches = push.get("branches") if isinstance(push, Mapping) else None
    if not isinstance(branches, list) or push.keys() & {"tags", "tags-ignore"}:
        return False
    return all(
        isinstance(one, str) and one != branch and not _PATTERN & set(one) for one in branches
    )


def _excluded(workflow: Workflow, event: str) -> bool:
    """True if each job that uses an environment excludes an event."""
    jobs = workflow.get("jobs")
    return all(
        excludes(job.get("if"), event)
        for job in (jobs.values() if isinstance(jobs, Mapping) else ())
        if used_environments({"jobs": {"job": job}})
    )

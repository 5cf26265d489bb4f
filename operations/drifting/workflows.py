"""Compare the workflow files of a repository with what is on its branches.

Looked at are the default branch and the branches that trigger deployments. A workflow on another
branch may name an environment too: there the environment's branch policy stands before it.
"""

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from components.documents.workflows import (
    FILES,
    workflow_branches,
    workflow_name,
)
from components.model.repository import Repository
from components.model.terms import ENVIRONMENTS
from components.model.unmanaged import is_one_of
from operations.drifting import objects
from operations.drifting.finding import Direction, Finding, Repair
from operations.observer.observed import ObservedRepository, ObservedWorkflow

#: The workflow whose runs lead to prod: who takes its name, triggers prod.
_PRODUCER: Final = workflow_name("test")
#: Of these names on other branches nothing runs, as their triggers name branches.
_OURS: Final = frozenset(FILES.values())


def blob_id(text: str) -> str:
    """Git's id of a file's content (git-scm.com: Git Objects)."""
    data = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def workflow_findings(
    repository: Repository, contents: Mapping[str, str], live: ObservedRepository
) -> Iterator[Finding]:
    """What differs in the files, and which other files use our environments.

    Args:
        repository: the declaration.
        contents: the files as they should be, by file name.
        live: what GitHub has.
    """
    placement = workflow_branches(repository, live.default_branch)
    missing = {branch for branches in placement.values() for branch in branches}
    for branch in sorted(missing - live.workflows.keys()):
        text = ("", "there", "")
        yield Finding(
            repository.name,
            objects.branch(branch),
            *text,
            Direction.NEUTRAL,
            Repair.UP,
            "branch/missing",
        )
    for file, branches in placement.items():
        for branch in branches:
            if branch in live.workflows:
                there = live.workflows[branch].get(file)
                place = objects.workflow(file, branch)
                yield from _file(repository.name, place, contents[file], there)
    for branch, files in sorted(live.workflows.items()):
        for file, found in sorted(files.items()):
            if file not in _OURS:
                known = is_one_of(file, repository.unmanaged.workflows)
                place = objects.workflow(file, branch)
                yield from _foreign(repository.name, place, found.text, known=known)


def _file(
    repository: str, place: str, wanted: str, there: ObservedWorkflow | None
) -> Iterator[Finding]:
    found = partial(Finding, repository, place)
    if there is None:
        text = ("", "there", "")
        yield found(*text, Direction.NEUTRAL, Repair.UP, "workflow/missing")
        return
    blob = blob_id(wanted)
    if there.blob == blob:
        return
    text = ("content", f"blob {blob[:12]}", f"blob {there.blob[:12]}{_changes(wanted, there.text)}")
    # It runs with the environment's role, whatever it does now.
    yield found(*text, Direction.WEAKER, Repair.UP, "workflow/content")
    if there.text is not None:
        name, renamed = (str(_parsed(text).get("name", "")) for text in (wanted, there.text))
        if name != renamed:
            yield found("name", name, renamed, Direction.NEUTRAL, Repair.UP, "workflow/name")


def _changes(wanted: str, there: str | None) -> str:
    """How many lines came and went."""
    if there is None:
        return ""
    diff = list(difflib.ndiff(wanted.splitlines(), there.splitlines()))
    came, went = (sum(line.startswith(mark) for line in diff) for mark in ("+ ", "- "))
    return f" (+{came} -{went} lines)"


def _foreign(repository: str, place: str, text: str | None, *, known: bool) -> Iterator[Finding]:
    """What somebody's workflow does with our environments; `known`: it is declared unmanaged.

    A way to prod is told all the same: to look after a file is not to ask for that.
    """
    if text is None:
        return
    found = partial(Finding, repository, place)
    content = _parsed(text)
    used = used_environments(content)
    if used and not known:
        names = ", ".join(sorted(used))
        rule = "workflow/uses_environment"
        yield found("uses environment", "", names, Direction.WEAKER, Repair.HAND, rule)
    if content.get("name") == _PRODUCER:
        rule = "workflow/same_name"
        yield found("name", "", _PRODUCER, Direction.WEAKER, Repair.HAND, rule)


def used_environments(workflow: Mapping[str, Any]) -> set[str]:
    """Which of dev, test and prod a workflow's jobs name.

    An expression may come to any name, so it counts as all three (docs.github.com: workflow syntax,
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


def _parsed(text: str) -> Mapping[str, Any]:
    """A workflow as a mapping; empty where it is none."""
    try:
        content = YAML(typ="safe", pure=True).load(text)
    except YAMLError:
        return {}
    return content if isinstance(content, Mapping) else {}

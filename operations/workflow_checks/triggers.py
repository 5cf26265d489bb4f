"""Does each job's environment exist and admit what triggers it; does a `workflow_run` ever start?

Deliberately absent: whether prod admits the default branch, on which a `workflow_run` job runs:
nobody knows that branch offline (operations/live/program.py). Filters with wildcards are refused:
whether an environment admits all that they match cannot be told.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, get_args

from components.config.yaml_files import Path_
from components.model.ref_patterns import admits
from components.model.repository import Repository
from components.model.types import EnvironmentName
from operations.diff.workflows.conditions import excludes
from operations.workflow_checks.parsed import Finding, Job, Workflow

#: Names that GitHub and the role's trust policy compare with case.
PROVISIONED: Final[dict[str, EnvironmentName]] = {name: name for name in get_args(EnvironmentName)}


def environment_findings(workflow: Workflow, repository: Repository) -> Iterator[Finding]:
    """Jobs whose environment is not provisioned, or does not admit what triggers them."""
    for job in workflow.jobs:
        if job.environment is None:
            continue
        where = f"{workflow.file}, job {job.id}"
        environment = PROVISIONED.get(job.environment)
        if environment is None:
            known = ", ".join(PROVISIONED)
            text = (
                f"{where}: environment {job.environment!r} is not provisioned, GitHub would make "
                f"one without any rule: name one of {known}"
            )
            yield Finding(("environments",), text)
            continue
        for event, filters in workflow.events.items():
            if event == "push":
                yield from _pushes(where, environment, filters, repository)
            elif reason := _other_event(event, job, repository):
                text = f"{where}: {event} starts a deployment to {environment}, {reason}"
                yield Finding(("environments", environment), text)


def _other_event(event: str, job: Job, repository: Repository) -> str | None:
    """Why another event than a push may not start a deployment; None where it may, or does not.

    A run by hand is of a branch that a person chose: GitHub asks the environment's policy.
    """
    by_hand = event == "workflow_dispatch" and repository.deploy.manual
    if event == "workflow_run" or by_hand or excludes(job.content.get("if"), event):
        return None
    if event.startswith("pull_request"):
        excluded = f"`github.event_name != '{event}'`"
        return f"of what nobody has merged: exclude it in the job's `if`, as in {excluded}"
    return "and which branch it comes from cannot be checked: use push or workflow_run"


def _pushes(
    where: str, environment: EnvironmentName, filters: dict[str, Any], repository: Repository
) -> Iterator[Finding]:
    """What a push may bring that the environment's deployment branch policy refuses."""
    admitted = {
        "branches": repository.deployment_branches(environment),
        "tags": repository.environment(environment).deployment_tags,
    }
    path: Path_ = ("environments", environment, "deployment_branches")
    if not filters.keys() & admitted.keys():
        text = f"{where}: a push of every branch deploys to {environment}: filter on.push.branches"
        yield Finding(path, text)
    for kind in filters.keys() & admitted.keys():
        patterns = ", ".join(admitted[kind]) or "nothing"
        for pattern in filters[kind]:
            if pattern.startswith("!"):
                continue  # It takes something away.
            name = literal(pattern)
            if name is None:
                text = (
                    f"{where}: on.push.{kind} has the pattern {pattern!r}, and whether environment "
                    f"{environment} admits all it matches cannot be checked: name each one"
                )
                yield Finding(path, text)
            elif not any(admits(wanted, name) for wanted in admitted[kind]):
                text = (
                    f"{where}: a push of {name!r} deploys to {environment}, whose policy for "
                    f"{kind} admits {patterns}: add {name!r} to it, or change the trigger"
                )
                yield Finding((*path[:2], f"deployment_{kind}"), text)


def producer_findings(workflow: Workflow, provisioned: Sequence[Workflow]) -> Iterator[Finding]:
    """`workflow_run` triggers that nothing sets off."""
    filters = workflow.events.get("workflow_run")
    if filters is None:
        return
    by_name = {producer.name: producer for producer in provisioned}
    named = filters.get("workflows", [])
    if not named:
        yield Finding((), f"{workflow.file}: workflow_run names no workflow: it never starts")
    if not filters.get("branches"):
        text = f"{workflow.file}: workflow_run has no branches: a run of any branch starts it"
        yield Finding(("branches",), text)
    for name in named:
        producer = by_name.get(name)
        if producer is None:
            text = (
                f"{workflow.file}: waits for the workflow {name!r}, which no file has: "
                f"name one of {', '.join(sorted(by_name))}"
            )
            yield Finding((), text)
            continue
        runs = [literal(pattern) for pattern in producer.events.get("push", {}).get("branches", [])]
        for pattern in filters.get("branches", []):
            if literal(pattern) is None or literal(pattern) not in runs:
                shown = ", ".join(map(str, runs)) or "no branch by name"
                text = (
                    f"{workflow.file}: waits for runs of {name} on {pattern!r}, but {name} runs "
                    f"on {shown}: make the branches the same"
                )
                yield Finding(("branches",), text)


def literal(pattern: str) -> str | None:
    r"""The one name that a filter pattern matches; None where it matches several.

    `*`, `?`, `+`, `[]` and a leading `!` have a meaning unless `\` stands before them
    (docs.github.com: workflow syntax, filter pattern cheat sheet).
    """
    if pattern.startswith("!") or re.search(r"[*?+\[\]]", re.sub(r"\\.", "", pattern)):
        return None
    return re.sub(r"\\(.)", r"\1", pattern)

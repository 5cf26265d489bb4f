"""Check that a job's environment has every variable and secret that the job reads.

GitHub puts an empty text in place of a missing value and reports no error, so the job fails late or
not at all. Deliberately absent: the rest of the expression language (actionlint), and which
contexts GitHub offers to which key.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from components.config.yaml_files import Path_
from components.model.repository import Repository
from components.model.unmanaged import is_one_of
from operations.checks.workflows.jobs import COMMAND, Job, WorkflowProblem

_TEXT: Final = r"'(?:[^']|'')*'"
#: A `}}` inside a quoted text does not end an expression.
_EXPRESSION: Final = re.compile(rf"\$\{{\{{((?:{_TEXT}|(?!\}}\}}).)*)\}}\}}", re.DOTALL)
_READ: Final = re.compile(
    rf"{_TEXT}|(?<![\w.-])(?P<context>vars|secrets)(?![\w-])"
    r"(?:\s*\.\s*(?P<dotted>[a-z_][\w-]*)|\s*\[\s*'(?P<indexed>[^']+)'\s*\])?",
    re.IGNORECASE,
)
#: Variables that slipway sets in every environment.
_OWN: Final = ("AWS_ROLE_ARN", "AWS_REGION")
#: GitHub makes this secret for every job.
_GITHUBS: Final = ("secrets", "GITHUB_TOKEN")

#: A context and a name, in upper case since GitHub ignores case; None for a name computed at run
#: time.
Read = tuple[str, str | None]


def value_problems(job: Job, repository: Repository) -> Iterator[WorkflowProblem]:
    """Variables and secrets that a job reads and that its environment does not have."""
    for where, path, content in _parts(job):
        for context, name in reads(content):
            if missing := _missing(context, name, job, repository):
                yield WorkflowProblem(path, f"{where}: {missing}")


def _parts(job: Job) -> Iterator[tuple[str, Path_, dict[str, Any]]]:
    """The job without its steps, then each step: its name for messages, its place, its content."""
    yield job.where, job.path, job.content
    for step in job.steps:
        where, content = f"{job.where}, step {step.name!r}", step.content
        if step.declared == COMMAND:
            for name, value in content.get("env", {}).items():
                yield where, ("deploy", "env", name), {"env": {name: value}}
            content = {key: value for key, value in content.items() if key != "env"}
        yield where, step.declared or job.path, content


def reads(content: dict[str, Any]) -> list[Read]:
    """The names that the expressions of a job or a step read, once each.

    An `if` is an expression without `${{ }}` as well.
    """
    condition = content.get("if")
    bare = isinstance(condition, str) and "${{" not in condition
    rest = {key: value for key, value in content.items() if not (bare and key == "if")}
    expressions = [str(condition)] if bare else []
    for text in _texts(rest):
        expressions += _EXPRESSION.findall(text)
    found = [
        (match["context"].lower(), (match["dotted"] or match["indexed"] or "").upper() or None)
        for expression in expressions
        for match in _READ.finditer(expression)
        if match["context"]
    ]
    return list(dict.fromkeys(found))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def _missing(context: str, name: str | None, job: Job, repository: Repository) -> str | None:
    """Why the job cannot read the name; None if it can."""
    if (context, name) == _GITHUBS:
        return None
    found = f"reads {_shown(context, name)}"
    if name is None:
        return f"{found} as a whole or by a computed name, which cannot be checked: name each one"
    key = "variables" if context == "vars" else "secrets"
    others = is_one_of(name, getattr(repository.unmanaged, key))
    if job.environment is None and not others:
        return (
            f"{found}, but the job has no environment, and slipway provisions environments' "
            "alone: read it in a step of the deployment (package.before, deploy.before, "
            "deploy.after) or in deploy.env; if the repository or the organisation has it, name it "
            f"in unmanaged.{key}"
        )
    if job.environment is None or others:
        return None
    environment = job.environment
    declared = repository.environment(environment)
    there = (*_OWN, *declared.variables) if context == "vars" else tuple(declared.secrets)
    if name in {known.upper() for known in there}:
        return None
    return (
        f"{found}, which environment {environment} has not (its {key}: "
        f"{', '.join(there) or 'none'}): declare it in environments.{environment}.{key}"
    )


def _shown(context: str, name: str | None) -> str:
    return context if name is None else f"{context}.{name}"

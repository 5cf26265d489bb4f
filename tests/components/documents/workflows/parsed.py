"""Rendered workflows as a reader of YAML sees them, for tests that ask about their content."""

import re
from copy import deepcopy
from functools import cache
from typing import Any, ClassVar

import yaml

from components.documents.workflows import FILES, render_workflows
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.types import EnvironmentName

Workflow = dict[str, Any]
ZIP = 'zip -r lambda-package.zip . -x "*.git*" "*.md" "tests/*"\n'
PYTEST_BLOCKING = "pytest tests/ --cov=. --cov-report=xml --cov-report=html || [ $? = 5 ]\n"


def files_of(**declared: Any) -> dict[str, str]:
    """The texts by file name of a repository with a Lambda function."""
    content = {"repository": "billing", "deploy": {"lambda_function": "billing-api"}} | declared
    repository = Repository.model_validate(content)
    return render_workflows("billing", Pipeline.of(repository, None))


def rendered(environment: EnvironmentName, **declared: Any) -> Workflow:
    """The parsed file of one environment of a repository with a Lambda function."""
    return read(files_of(**declared)[FILES[environment]])


def read(text: str) -> Workflow:
    """The content of a file, which the caller may change."""
    return deepcopy(_parsed(text))


class _Yaml12(yaml.CSafeLoader):  # type: ignore[misc]  # it has no types
    """libyaml, a tenth as slow as a reader in Python, with the truth values of YAML 1.2 alone."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":bool")]
        for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


_Yaml12.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("true|True|TRUE|false|False|FALSE"), list("tTfF")
)


@cache  # many tests look at the same few texts
def _parsed(text: str) -> Workflow:
    parsed: Workflow = yaml.load(text, Loader=_Yaml12)  # noqa: S506 - it is a safe one
    return parsed


def deploy(workflow: Workflow) -> Workflow:
    """The deployment job."""
    (job,) = (job for name, job in workflow["jobs"].items() if name.startswith("deploy-"))
    found: Workflow = job
    return found


def runs(job: Workflow) -> list[str]:
    """The scripts of a job's steps."""
    return [step["run"] for step in job["steps"] if "run" in step]


def uses(job: Workflow, action: str) -> list[Workflow]:
    """The steps of a job that use an action."""
    return [step for step in job["steps"] if step.get("uses", "").startswith(f"{action}@")]


def names(job: Workflow) -> list[str]:
    """The names of a job's steps, in their order; a step without one has its action's."""
    return [step.get("name", step.get("uses", "").split("@")[0]) for step in job["steps"]]

"""The links of the chain from a push to AWS fit together, as far as the renderer decides."""

from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from ruamel.yaml import YAML

from components.documents.role import DERIVED, role_policies
from components.documents.workflows import render_workflows, workflow_contents
from components.model.pipeline import Pipeline
from components.model.ref_patterns import admits
from components.model.repository import Repository
from components.model.types import ENVIRONMENTS
from operations.checks.workflows.contexts import reads
from operations.checks.workflows.jobs import jobs_of
from operations.checks.workflows.permissions import aws_calls
from operations.diff.iam.patterns import matches
from operations.diff.workflows.conditions import excludes
from tests.components.documents.workflows.conftest import DECLARATIONS
from tests.components.documents.workflows.declarations import declarations
from tests.operations.checks.workflows.chained import SETTINGS

Contents = dict[str, dict[str, Any]]


def rendered(declared: dict[str, Any]) -> tuple[Repository, Contents]:
    """The declaration and the content of its files."""
    repository = Repository.model_validate(declared)
    return repository, workflow_contents(repository.name, Pipeline.of(repository, None))


def check_content(declared: dict[str, Any]) -> None:
    """Check that two YAML parsers read the content from the rendered text."""
    repository, contents = rendered(declared)
    texts = render_workflows(repository.name, Pipeline.of(repository, None))
    assert {name: YAML(typ="safe").load(text) for name, text in texts.items()} == contents
    for name, text in texts.items():
        # YAML 1.1 reads the key `on` as a truth value.
        found = yaml.load(text, yaml.CSafeLoader)
        other = {"on" if key is True else key: part for key, part in found.items()}
        assert (list(other), other) == (list(contents[name]), contents[name])


@pytest.mark.parametrize("name", DECLARATIONS)
def test_the_content_is_what_a_reader_makes_of_the_text(name: str) -> None:
    """The content that slipway's checks read equals the parsed text, which GitHub reads."""
    check_content(DECLARATIONS[name])


@settings(max_examples=15)
@given(declared=declarations)
def test_the_content_of_any_declaration_is_what_a_reader_makes(declared: dict[str, Any]) -> None:
    """The content of any declaration equals its parsed text, also with odd names and scripts."""
    check_content(declared)


def examples(test: Any) -> Any:
    """Run a property on the reviewed declarations as well."""
    for declared in DECLARATIONS.values():
        test = example(declared=declared)(test)
    return test


@examples
@settings(max_examples=30)
@given(declared=declarations)
def test_each_environment_admits_what_starts_its_deployment(declared: dict[str, Any]) -> None:
    """An environment admits each branch that starts its deployment: GitHub refuses others."""
    repository, contents = rendered(declared)
    for workflow in contents.values():
        for job in (job for job in workflow["jobs"].values() if "environment" in job):
            environment = job["environment"]
            assert environment in ENVIRONMENTS
            for event, filters in workflow["on"].items():
                if event == "push":
                    assert filters.keys() == {"branches"}
                    patterns = repository.deployment_branches(environment)
                    for branch in map(unescaped, filters["branches"]):
                        assert any(admits(pattern, branch) for pattern in patterns)
                elif event == "workflow_dispatch":
                    assert repository.deploy.manual
                else:
                    assert event == "workflow_run" or excludes(job.get("if"), event)


@examples
@settings(max_examples=30)
@given(declared=declarations)
def test_each_workflow_waits_for_one_that_runs(declared: dict[str, Any]) -> None:
    """Each `workflow_run` names an existing workflow and that workflow's branches."""
    repository, contents = rendered(declared)
    by_name = {workflow["name"]: workflow for workflow in contents.values()}
    waiting = [w["on"]["workflow_run"] for w in contents.values() if "workflow_run" in w["on"]]
    assert len(waiting) == ("prod" in repository.workflow_names)
    for filters in waiting:
        (producer,) = filters["workflows"]
        assert filters["branches"]
        assert filters["branches"] == by_name[producer]["on"]["push"]["branches"]


@examples
@settings(max_examples=30)
@given(declared=declarations)
def test_values_are_read_in_jobs_alone(declared: dict[str, Any]) -> None:
    """Only jobs read values of an environment, and no job passes on all secrets."""
    _, contents = rendered(declared)
    for workflow in contents.values():
        # GitHub evaluates no expressions in `on`; a branch there may have any name.
        assert not reads({key: part for key, part in workflow.items() if key not in {"jobs", "on"}})
        assert not any("secrets" in job for job in workflow["jobs"].values())


@examples
@settings(max_examples=30)
@given(declared=declarations)
def test_each_call_of_aws_is_known_and_allowed(declared: dict[str, Any]) -> None:
    """The derived policy allows each AWS call of slipway's own steps on function and objects."""
    repository, contents = rendered(declared)
    for file, workflow in contents.items():
        for job in jobs_of(file, workflow, repository):
            made = [
                call
                for step in job.steps
                for call in aws_calls(step, SETTINGS.account(job.environment or "dev"))
            ]
            if job.environment is None:
                assert not made
                continue
            policies = role_policies(SETTINGS, repository, job.environment)
            derived = policies.get(DERIVED, {"Statement": []})["Statement"]
            for _, action, resource in made:
                assert any(
                    action in statement["Action"]
                    and any(matches(arn, resource) for arn in listed(statement["Resource"]))
                    for statement in derived
                ), (action, resource)


def listed(value: str | list[str]) -> list[str]:
    """Return one value or several as a list."""
    return [value] if isinstance(value, str) else value


def unescaped(pattern: str) -> str:
    r"""Return the branch that a filter pattern without wildcards matches: a backslash escapes."""
    return pattern.replace("\\", "")

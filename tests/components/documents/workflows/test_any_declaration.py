"""The rendered files of any declaration are workflows with its content."""

import subprocess
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings

from components.documents.workflows import FILES, render_workflows
from components.model.ci import ExtraStep
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from tests.components.documents.workflows.declarations import declarations


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(declared=declarations)
def test_actionlint_accepts_every_declaration(
    declared: dict[str, Any], actionlint: Path, tmp_path: Path
) -> None:
    """Actionlint accepts files with odd names, any command and any step of the user's own."""
    files = []
    for name, text in texts(declared).items():
        files.append(tmp_path / name)
        files[-1].write_text(text, encoding="utf-8")
    done = subprocess.run(
        [actionlint, "-shellcheck=", "-pyflakes=", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@settings(max_examples=30)
@given(declared=declarations)
def test_what_was_declared_arrives(declared: dict[str, Any]) -> None:
    """Declared commands, functions and extra steps are in the rendered files unchanged."""
    repository = Repository.model_validate(declared)
    rendered = texts(declared)
    assert set(rendered) == {FILES[name] for name in repository.workflow_names}
    for environment in repository.workflow_names:
        jobs = yaml.load(rendered[FILES[environment]], yaml.CSafeLoader)["jobs"]
        for name in ("lint", "security"):
            job = getattr(repository.ci, name)
            for extra in job.before:
                assert as_rendered(extra) in jobs[f"python-{name}"]["steps"]
        if environment not in repository.environment_names:
            assert jobs.keys() == {"python-lint", "python-security", "python-tests"}
            assert not [job for job in jobs.values() if {"environment", "permissions"} & job.keys()]
            continue
        steps = jobs[f"deploy-{environment}"]["steps"]
        scripts = [step["run"] for step in steps if "run" in step]
        if repository.deploy.command:
            assert f"{repository.deploy.command.strip()}\n" in scripts
        functions = [step["env"]["LAMBDA_FUNCTION"] for step in steps if is_lambda(step)]
        assert functions == list(repository.lambda_functions(environment).values())
        for extra in (*repository.deploy.before, *repository.deploy.after):
            assert as_rendered(extra) in steps


def texts(declared: dict[str, Any]) -> dict[str, str]:
    """The files of a declaration."""
    repository = Repository.model_validate(declared)
    return render_workflows(repository.name, Pipeline.of(repository, None))


def is_lambda(step: dict[str, Any]) -> bool:
    """Return whether the step updates a function."""
    return "LAMBDA_FUNCTION" in step.get("env", {})


def as_rendered(step: ExtraStep) -> dict[str, Any]:
    """Return the step as the file has it: its script is a block."""
    content = step.github()
    if step.run is not None:
        content["run"] = f"{step.run.strip()}\n"
    return content

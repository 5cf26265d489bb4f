"""The job of a workflow file that deploys: its permissions, inputs and environment."""

from typing import Any

import pytest

from operations.commands.explain.on_github.workflow import (
    DeployJob,
    calls_elsewhere,
    deploy_job,
    other_environments,
)

ACTION = "aws-actions/configure-aws-credentials@v6"


def jobs(**found: Any) -> dict[str, Any]:
    """A workflow with these jobs."""
    return {"jobs": found}


def steps(**inputs: Any) -> dict[str, Any]:
    """A job with dev's environment that asks AWS with these inputs."""
    given = {key.replace("_", "-"): value for key, value in inputs.items()}
    return {"environment": "dev", "steps": ["text", {"run": "x"}, {"uses": ACTION, "with": given}]}


def found(job: dict[str, Any], event: str = "push") -> DeployJob | None:
    """The job that deploys to dev."""
    return deploy_job(jobs(deploy=job), "dev", event)


def test_a_job_asks_for_what_its_inputs_say() -> None:
    """Every input of the action is the job's."""
    own = steps(role_to_assume="r", audience="a", role_session_name="s", role_duration_seconds=900)
    assert found(own) == DeployJob(
        id="deploy",
        environment="dev",
        may_have_token=False,
        excluded=False,
        role="r",
        audience="a",
        session_name="s",
        seconds="900",
    )


@pytest.mark.parametrize("own", [steps(), steps() | {"steps": [{"uses": ACTION}]}])
def test_inputs_have_the_defaults_of_the_action(own: dict[str, Any]) -> None:
    """Role and audience are empty; session and seconds are those of the action."""
    job = found(own)
    assert job is not None
    assert (job.role, job.audience) == ("", "")
    assert (job.session_name, job.seconds) == ("GitHubActions", "3600")


@pytest.mark.parametrize(("event", "excluded"), [("push", False), ("pull_request", True)])
def test_the_if_of_a_job_may_exclude_the_event(
    event: str,
    excluded: bool,  # noqa: FBT001 - a table
) -> None:
    """The job's `if` is judged with the event that is asked about."""
    job = found({"environment": "dev", "if": "github.event_name == 'push'"}, event)
    assert job is not None
    assert job.excluded is excluded


def test_a_job_with_the_environments_name_goes_before_an_expression() -> None:
    """An expression may be the environment: it counts if no job has the name, in any case."""
    maybe, exact = {"environment": "${{ inputs.to }}"}, {"environment": {"name": "Dev"}}
    job = deploy_job(jobs(maybe=maybe, exact=exact), "dev", "push")
    assert job is not None
    assert job.id == "exact"
    alone = deploy_job(jobs(other={"environment": "test"}, maybe=maybe), "dev", "push")
    assert alone is not None
    assert alone.id == "maybe"


def test_the_environments_of_a_file_are_in_its_order() -> None:
    """Each is there once; a job without one adds none."""
    named = [{"environment": "b"}, {"runs-on": "x"}, {"environment": {"name": "a"}}]
    file = jobs(**{f"j{number}": job for number, job in enumerate([*named, *named])})
    assert other_environments(file) == ["b", "a"]


def test_a_job_may_call_a_workflow_from_elsewhere() -> None:
    """A job with `uses` does; a step with `uses` does not, nor does content of another form."""
    assert calls_elsewhere(jobs(a={"steps": []}, b={"uses": "acme/ci/.github/workflows/d.yml@v1"}))
    assert not calls_elsewhere(jobs(a=steps(), uses="x", c=["uses"]))


@pytest.mark.parametrize("content", [{}, {"jobs": ["deploy"]}, {"jobs": {"deploy": "dev"}}])
def test_a_file_of_another_form_has_no_job(content: dict[str, Any]) -> None:
    """Other people write workflow files: none is an error."""
    assert deploy_job(content, "dev", "push") is None
    assert other_environments(content) == []
    assert not calls_elsewhere(content)

"""The job that is asked about."""

import pytest

from components.model.types import EnvironmentName
from operations.commands.explain.job import Job, full_ref, usual_job
from tests.operations.diff.worlds import stack


@pytest.mark.parametrize(
    ("environment", "event", "branch"),
    [("dev", "push", "develop"), ("test", "push", "main"), ("prod", "workflow_run", "trunk")],
)
def test_the_standard_deploys_by_its_own_job(
    environment: EnvironmentName, event: str, branch: str
) -> None:
    """A push deploys to dev and test, and the test run to prod, which is on the default branch."""
    (repository,) = stack().repositories
    name = {"prod": "prd"}.get(environment, environment)
    path = f".github/workflows/python-{name}.yml"
    assert usual_job(repository, environment, "trunk") == Job(
        event=event, ref=f"refs/heads/{branch}", path=path
    )


def test_a_bare_ref_is_a_branch() -> None:
    """A full ref stays as it is."""
    assert full_ref("main") == "refs/heads/main"
    assert full_ref("refs/tags/v1") == "refs/tags/v1"

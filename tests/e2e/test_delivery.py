"""Workflow files of branches whose rules refuse commits arrive by pull request."""

from typing import Any

import pytest

from tests.e2e.conftest import ONE_ACCOUNT, Project

FILES = ["python-dev.yml", "python-prd.yml", "python-test.yml"]
RULESET = {
    "name": "reviewed",
    "enforcement": "active",
    "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"]}},
    "rules": [{"type": "pull_request"}],
}


def pulls(project: Project, repository: str, state: str = "all") -> list[dict[str, Any]]:
    """The pull requests of a repository."""
    found = project.world.github("GET", f"repos/acme/{repository}/pulls?state={state}")
    return list(found)


def on_main(project: Project, repository: str) -> list[str]:
    """Names of the workflow files on main."""
    path = f"repos/acme/{repository}/contents/.github/workflows"
    try:
        found = project.world.github("GET", path)
    except AssertionError:
        return []
    return sorted(one["name"] for one in found)


@pytest.fixture
def reviewed(project: Project) -> Project:
    """A repository whose main demands pull requests."""
    project.world.github("POST", "repos/acme/billing/rulesets", RULESET)
    project.new_stack("s", ONE_ACCOUNT, billing="repository: billing\nbranches: {dev: main}\n")
    return project


def test_one_request_brings_all_files_and_a_merge_ends_it(reviewed: Project) -> None:
    """The first run opens one request, a second none; once it is merged, nothing is made again."""
    project = reviewed
    project.up("s")
    (request,) = pulls(project, "billing")
    assert (request["state"], request["base"]["ref"]) == ("open", "main")
    assert on_main(project, "billing") == []
    assert project.changes("s") == {}
    route = f"pulls/acme/billing/{request['number']}/merge"
    project.world.control("POST", route, {"method": "squash"})
    assert on_main(project, "billing") == FILES
    project.up("s")
    assert project.changes("s", "--refresh") == {}
    assert len(pulls(project, "billing")) == 1

"""Reviewers without access are refused before GitHub drops them from an environment."""

import pytest
import requests

from components.config.problems import ConfigurationError, ExitCode
from components.config.stack_files import StackFiles
from operations.live.github.api import GitHub
from operations.live.github.graphql import Question, ask
from operations.live.github.reviewers import outsiders
from operations.live.program import read_live
from sandbox.github import Server
from tests.operations.live.organization import TOKEN
from tests.operations.live.organization import github as github  # noqa: PLC0414 - a fixture
from tests.operations.live.test_program import live
from tests.stacks import WriteStack


@pytest.mark.parametrize("repository", ["plain", "vault"], ids=["public", "private"])
def test_a_reviewer_without_access_is_refused_where_it_is_named(
    github: Server, write_stack: WriteStack, repository: str
) -> None:
    """A reviewer without access is a problem at its line; any user may read what is public."""
    prod = "environments:\n  prod:\n    reviewers:\n"
    names = "      users: [octocat, Stranger]\n      teams: [others]\n"
    place = f"acme/{repository}, so GitHub would drop it without an error: give"
    end = f"read access to acme/{repository}, or name another"
    key = "environments.prod.reviewers"
    user = f"stacks/s/a.yaml:5: {key}.users.1: 'Stranger' has no access to {place} stranger {end}"
    team = f"stacks/s/a.yaml:6: {key}.teams.0: team 'others' has no access to {place} the team "
    wanted = [user] if repository == "vault" else []
    wanted.append(f"{team}others {end}")
    with pytest.raises(ConfigurationError) as raised:
        live(github, write_stack, a=f"repository: {repository}\n{prod}{names}")
    assert [str(problem) for problem in raised.value.problems] == wanted
    assert raised.value.exit_code == ExitCode.CONFIGURATION


def test_a_team_has_the_access_of_its_parent(github: Server, write_stack: WriteStack) -> None:
    """A team has its parent team's access, and not the organisation's base permission."""
    child = {"name": "child", "parent_team_id": 4}
    admin = {"Authorization": f"Bearer {TOKEN}"}
    api = f"{github.url}api/v3/orgs/acme/teams"
    requests.post(api, json=child, headers=admin, timeout=10).raise_for_status()
    declared = "repository: vault\nenvironments: {prod: {reviewers: {teams: [child]}}}\n"
    files = StackFiles(write_stack(a=declared))
    with pytest.raises(ConfigurationError, match="team 'child' has no access"):
        read_live(files, GitHub(github.url, TOKEN))
    requests.put(f"{api}/others/repos/acme/vault", headers=admin, timeout=10).raise_for_status()
    assert read_live(files, GitHub(github.url, TOKEN)).teams.keys() == {"child"}


def test_an_unknown_reviewer_is_not_reported_as_without_access(github: Server) -> None:
    """An unknown user or team is not reported as one without access."""
    names = ["nobody", "team none", "stranger", "team others", "octocat"]
    session = GitHub(github.url, TOKEN)
    vault = ask(session, "acme", [Question("vault", ())])["vault"]
    assert vault is not None
    found = outsiders(session, "acme", vault, names)
    assert found == {"stranger", "team others"}

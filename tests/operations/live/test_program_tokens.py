"""A token's rights are checked before the program writes anything."""

import pytest

from components.config.problems import ConfigurationError, ExitCode
from components.config.stack_files import StackFiles
from operations.live.github.api import GitHub
from operations.live.program import read_live
from sandbox.github import Server
from tests.operations.live.organization import control
from tests.operations.live.organization import github as github  # noqa: PLC0414 - a fixture
from tests.stacks import WriteStack


@pytest.mark.parametrize(
    ("scopes", "lacking"),
    [(["repo"], "workflow"), (["workflow", "admin:org"], "repo"), ([], "repo and workflow")],
)
def test_a_classic_token_without_a_scope_is_refused(
    github: Server, write_stack: WriteStack, scopes: list[str], lacking: str
) -> None:
    """A classic token without a required scope is refused before the run."""
    control(github, "seed", {"tokens": [{"token": "t", "login": "admin", "scopes": scopes}]})
    with pytest.raises(ConfigurationError) as caught:
        read_live(StackFiles(write_stack(a="repository: a\n")), GitHub(github.url, "t"))
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"GITHUB_TOKEN: lacks the scope {lacking}: ")
    assert caught.value.exit_code == ExitCode.AUTHENTICATION


@pytest.mark.parametrize("kind", ["fine-grained", "app"])
def test_other_tokens_have_no_scopes(github: Server, write_stack: WriteStack, kind: str) -> None:
    """Fine-grained and App tokens have no scopes, and are accepted."""
    control(github, "seed", {"tokens": [{"token": "t", "login": "admin", "kind": kind}]})
    stack = StackFiles(write_stack(a="repository: a\n"))
    assert read_live(stack, GitHub(github.url, "t")).repositories["a"].id == 11


@pytest.mark.parametrize(
    ("granted", "lacking"),
    [
        ({"actions": "read", "contents": "read"}, "orgs/acme/teams/platform .*needs members: read"),
        ({"members": "read", "contents": "read"}, "sub .*it needs actions: read"),
    ],
    ids=["members", "actions"],
)
def test_the_permission_that_a_token_lacks_is_named(
    github: Server, write_stack: WriteStack, granted: dict[str, str], lacking: str
) -> None:
    """The message names the permission that a fine-grained token lacks, as GitHub returns it."""
    token = {"token": "t", "login": "admin", "kind": "fine-grained", "permissions": granted}
    control(github, "seed", {"tokens": [token]})
    declared = "repository: a\nenvironments: {prod: {reviewers: {teams: [platform]}}}"
    files = StackFiles(write_stack(a=declared))
    with pytest.raises(ConfigurationError, match=lacking) as raised:
        read_live(files, GitHub(github.url, "t"))
    assert raised.value.exit_code == ExitCode.AUTHENTICATION

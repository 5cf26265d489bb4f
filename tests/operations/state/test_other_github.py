"""A state that describes objects of another GitHub than the declared one."""

import json
from typing import Any

import pytest

from components.config.stack_files import StackFiles
from components.documents.trust import trust_policy
from operations.state.other_github import other_github
from tests.stacks import SETTINGS, WriteStack
from tests.stacks import write_stack as write_stack  # noqa: PLC0414 - a fixture

GITHUB_COM = "token.actions.githubusercontent.com"


def state(*issuers: str) -> dict[str, Any]:
    """A state with a role for each issuer, and a resource of GitHub."""
    arn = "arn:aws:iam::111111111111:oidc-provider"
    made: list[dict[str, Any]] = [
        {
            "type": "aws:iam/role:Role",
            "inputs": {"assumeRolePolicy": json.dumps(trust_policy(f"{arn}/{issuer}", "s"))},
        }
        for issuer in issuers
    ]
    made.append({"type": "github:index/branch:Branch", "inputs": {}})
    return {"deployment": {"resources": made}}


@pytest.mark.parametrize(
    ("github", "issuers"),
    [
        ("", (GITHUB_COM, GITHUB_COM)),
        ("", ()),
        ("github: {issuer_enterprise_slug: octo}\n", (GITHUB_COM,)),
        ("", (f"{GITHUB_COM}/octo",)),
        ("github: {host: git.example.com}\n", ("git.example.com/_services/token",)),
        ("github: {host: a.ghe.com}\n", ("token.actions.a.ghe.com",)),
    ],
)
def test_the_same_github_is_no_problem(
    write_stack: WriteStack, github: str, issuers: tuple[str, ...]
) -> None:
    """The same GitHub is no problem, even with another issuer policy or before the first `up`."""
    files = StackFiles(write_stack(SETTINGS + github, a="repository: a\n"))
    assert other_github(files, state(*issuers)) == []


@pytest.mark.parametrize(
    ("github", "issuer"),
    [
        ("github: {host: git.example.com}\n", GITHUB_COM),
        ("github: {host: a.ghe.com}\n", "token.actions.b.ghe.com"),
        ("github: {host: a.ghe.com}\n", "git.example.com/_services/token"),
    ],
)
def test_another_github_is_refused_at_the_key(
    write_stack: WriteStack, github: str, issuer: str
) -> None:
    """A state of another GitHub is a problem at the key: a refresh would forget its objects."""
    files = StackFiles(write_stack(SETTINGS + github, a="repository: a\n"))
    (problem,) = other_github(files, state(issuer))
    place = ("stacks/s/_stack.yaml", 6, "github.host")
    assert (problem.file, problem.line, problem.path) == place
    assert f"trust {issuer.partition('/')[0]}" in problem.text


def test_a_removed_key_is_refused_too(write_stack: WriteStack) -> None:
    """Without the key a state of another GitHub than github.com is a problem as well."""
    files = StackFiles(write_stack(a="repository: a\n"))
    (problem,) = other_github(files, state("token.actions.a.ghe.com"))
    assert problem.file == "stacks/s/_stack.yaml"
    assert "is github.com" in problem.text

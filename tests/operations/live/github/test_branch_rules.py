"""What stands before a push is read without an administrator's rights."""

from typing import Any

import pytest
import requests

from operations.live.github.api import GitHub
from operations.live.github.repository import barriers
from sandbox.github import Server
from tests.operations.live.test_program import TOKEN, asked, control
from tests.operations.live.test_program import github as github  # noqa: PLC0414 - a fixture


@pytest.fixture
def reader(github: Server) -> GitHub:
    """A session of somebody who may only read."""
    control(github, "seed", {"tokens": [{"token": "reader", "login": "Octocat"}]})
    return GitHub(github.url, "reader")


def write(server: Server, method: str, path: str, body: object) -> Any:
    """One call of an administrator's."""
    url = f"{server.url}api/v3/repos/acme/a/{path}"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = requests.request(method, url, json=body, headers=headers, timeout=10)
    answer.raise_for_status()
    return answer.json()


def ruleset(*types: str) -> dict[str, Any]:
    """Rules of these types for main."""
    return {
        "name": "main",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"]}},
        "rules": [{"type": kind} for kind in types],
    }


def test_an_open_branch_takes_one_question(github: Server, reader: GitHub) -> None:
    """Where nothing is `protected` there are no rules to ask for; of no branch nobody can say."""
    control(github, "requests/reset")
    assert barriers(reader, "acme/a", "main") == frozenset()
    assert asked(github)["total"] == 1
    assert barriers(reader, "acme/a", "none") is None


def test_classic_protection_is_a_word(github: Server, reader: GitHub) -> None:
    """What it demands is for administrators to see."""
    keys = ("required_status_checks", "enforce_admins", "restrictions")
    nothing = dict.fromkeys((*keys, "required_pull_request_reviews"))
    write(github, "PUT", "branches/main/protection", nothing)
    assert barriers(reader, "acme/a", "main") == frozenset({"protected"})
    assert barriers(reader, "acme/a", "develop") == frozenset()


def test_rules_that_stop_a_push_are_told_however_many_there_are(
    github: Server, reader: GitHub
) -> None:
    """The last one stands on the second page; others let the same push through."""
    write(github, "POST", "rulesets", ruleset(*["deletion"] * 100, "pull_request", "update"))
    found = barriers(reader, "acme/a", "main")
    assert found == frozenset({"protected", "pull_request", "update"})

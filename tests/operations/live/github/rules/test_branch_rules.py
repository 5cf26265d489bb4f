"""Protection of a branch is read without administrator's rights."""

from typing import Any

import pytest
import requests

from operations.live.github.api import GitHub
from operations.live.github.rules.branch_rules import read_rules
from sandbox.github import Server
from tests.operations.live.organization import TOKEN, asked, control
from tests.operations.live.organization import github as github  # noqa: PLC0414 - a fixture


@pytest.fixture
def reader(github: Server) -> GitHub:
    """Return a session of a user who may only read."""
    control(github, "seed", {"tokens": [{"token": "reader", "login": "Octocat"}]})
    return GitHub(github.url, "reader")


def barriers(github: GitHub, full_name: str, branch: str) -> frozenset[str] | None:
    """Return the rules that a push to a branch must satisfy."""
    found = read_rules(github, full_name, branch)
    return None if found is None else found.barriers


def write(server: Server, method: str, path: str, body: object) -> Any:
    """Send one request as administrator."""
    url = f"{server.url}api/v3/repos/acme/a/{path}".rstrip("/")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = requests.request(method, url, json=body, headers=headers, timeout=10)
    answer.raise_for_status()
    return answer.json()


def ruleset(*types: str) -> dict[str, Any]:
    """Return a ruleset with these rule types for main."""
    return {
        "name": "main",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"]}},
        "rules": [{"type": kind} for kind in types],
    }


def test_an_unprotected_branch_takes_one_request(github: Server, reader: GitHub) -> None:
    """An unprotected branch takes one request; a missing branch is None."""
    control(github, "requests/reset")
    assert barriers(reader, "acme/a", "main") == frozenset()
    assert asked(github)["total"] == 1
    assert barriers(reader, "acme/a", "none") is None


def test_a_renamed_branch_does_not_exist_by_its_old_name(github: Server, reader: GitHub) -> None:
    """A renamed branch is None by its old name, although GitHub redirects to the new one."""
    write(github, "POST", "branches/main/rename", {"new_name": "trunk"})
    assert barriers(reader, "acme/a", "main") is None
    assert barriers(reader, "acme/a", "trunk") == frozenset()


def test_classic_protection_is_reported_as_protected(github: Server, reader: GitHub) -> None:
    """Classic protection is reported as `protected`: only administrators may read its rules."""
    keys = ("required_status_checks", "enforce_admins", "restrictions")
    nothing = dict.fromkeys((*keys, "required_pull_request_reviews"))
    write(github, "PUT", "branches/main/protection", nothing)
    assert barriers(reader, "acme/a", "main") == frozenset({"protected"})
    assert barriers(reader, "acme/a", "develop") == frozenset()


def test_rules_that_stop_a_push_are_read_from_every_page(github: Server, reader: GitHub) -> None:
    """Rules that stop a push are reported from every page; other rules are not."""
    write(github, "POST", "rulesets", ruleset(*["deletion"] * 100, "pull_request", "update"))
    found = barriers(reader, "acme/a", "main")
    assert found == frozenset({"protected", "pull_request", "update"})

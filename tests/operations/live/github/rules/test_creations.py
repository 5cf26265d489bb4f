"""Branches that slipway would make and cannot are refused before anything is written."""

import base64
from pathlib import Path
from typing import Any

import pytest
import requests

from components.config.problems import ConfigurationError
from components.config.stack_files import StackFiles
from operations.live.github.api import GitHub
from operations.live.program import read_live
from sandbox.github import Server
from tests.operations.live.github.rules.test_branch_rules import ruleset
from tests.operations.live.organization import TOKEN, control
from tests.operations.live.organization import github as github  # noqa: PLC0414 - a fixture
from tests.stacks import WriteStack

DEVELOP = {"include": ["refs/heads/develop"], "exclude": []}
HEADS = {"include": ["refs/heads/slipway/**/*"], "exclude": []}
CI = {
    "required_status_checks": [{"context": "ci"}],
    "strict_required_status_checks_policy": False,
}
CHECKS = {"type": "required_status_checks", "parameters": CI}
LATER = CHECKS | {"parameters": CI | {"do_not_enforce_on_create": True}}
WAY = "create it from 'main', declare a branch that exists as `branches: {dev: ...}`, or let"


def send(server: Server, method: str, path: str, body: object) -> Any:
    """Send one request about `acme/b`, which has no develop."""
    url = f"{server.url}api/v3/repos/acme/b/{path}".rstrip("/")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = requests.request(method, url, json=body, headers=headers, timeout=10)
    answer.raise_for_status()
    return answer.json()


def branch(server: Server, name: str) -> None:
    """Make a branch of `acme/b` from main."""
    sha = send(server, "GET", "git/ref/heads/main", None)["object"]["sha"]
    send(server, "POST", "git/refs", {"ref": f"refs/heads/{name}", "sha": sha})


def ruled(server: Server, names: dict[str, list[str]], *rules: dict[str, Any]) -> None:
    """Make a ruleset for branches of these names."""
    wanted = ruleset() | {"name": "named", "rules": [*rules], "conditions": {"ref_name": names}}
    send(server, "POST", "rulesets", wanted)


def refused(server: Server, write_stack: WriteStack, more: str = "") -> list[str]:
    """Return what is said at the line of `acme/b`."""
    folder = Path("stacks/s")
    if not folder.exists():
        write_stack(b=f"repository: b\n{more}")
    try:
        read_live(StackFiles(folder), GitHub(server.url, TOKEN))
    except ConfigurationError as error:
        place = "stacks/s/b.yaml:1: repository: acme/b: "
        texts = [str(problem) for problem in error.problems]
        assert all(text.startswith(place) for text in texts), texts
        return [text.removeprefix(place) for text in texts]
    return []


@pytest.mark.parametrize("delivery", ["auto", "direct", "pull_request"])
@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"type": "creation"}, "`creation`"),
        (CHECKS, "`required_status_checks`"),
        (
            {
                "type": "branch_name_pattern",
                "parameters": {"operator": "contains", "pattern": "/"},
            },
            "`branch_name_pattern`",
        ),
        (LATER, ""),
        ({"type": "update"}, ""),
        ({"type": "deletion"}, ""),
    ],
    ids=["creation", "checks", "name", "later", "update", "deletion"],
)
def test_a_rule_that_refuses_the_creation_of_develop(
    github: Server, write_stack: WriteStack, rule: dict[str, Any], said: str, delivery: str
) -> None:
    """However the files are delivered; the text names the rule and what to do."""
    ruled(github, DEVELOP, rule)
    texts = refused(github, write_stack, f"delivery: {delivery}\n")
    if not said:
        assert texts == []
        return
    (text,) = texts
    assert text.startswith(
        f"'develop' is missing, and rules refuse to make it ({said} of ruleset 'named'): {WAY}"
    )


@pytest.mark.parametrize(
    ("there", "more", "said"),
    [
        ("develop/next", "", "'develop' is missing, and git cannot make it beside the branch"),
        ("dev", "branches: {dev: dev/next}\n", "'dev/next' is missing, and git cannot make it"),
        ("develop2", "", ""),
        ("dev/old", "branches: {dev: dev/next}\n", ""),
    ],
)
def test_a_branch_whose_name_is_in_the_way(
    github: Server, write_stack: WriteStack, there: str, more: str, said: str
) -> None:
    """Git has `a` or `a/b`, never both; a name that only begins alike is no obstacle."""
    branch(github, there)
    texts = refused(github, write_stack, more)
    assert [
        text.startswith(said) and f"{there!r}: rename that branch" in text for text in texts
    ] == ([True] if said else [])


@pytest.mark.parametrize("there", ["slipway", "slipway/main"])
def test_a_branch_in_the_way_of_slipways_own(
    github: Server, write_stack: WriteStack, there: str
) -> None:
    """Only the first is: `slipway/main-ID` is beside `slipway/main`."""
    branch(github, there)
    texts = refused(github, write_stack, "branches: {dev: main}\ndelivery: pull_request\n")
    if there == "slipway/main":
        assert texts == []
        return
    (text,) = texts
    assert text.startswith("the workflow files of 'main' arrive by pull request, and git cannot")
    assert text.endswith("beside the branch 'slipway': rename that branch")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"type": "creation"}, "rules refuse to make 'slipway/main-"),
        ({"type": "update"}, "rules refuse commits to 'slipway/main-"),
        ({"type": "required_linear_history"}, ""),
        (
            {
                "type": "commit_message_pattern",
                "parameters": {"operator": "starts_with", "pattern": "feat: "},
            },
            "rules refuse commits to 'slipway/main-",
        ),
    ],
    ids=["creation", "update", "history", "message"],
)
def test_rules_of_slipways_own_branches(
    github: Server, write_stack: WriteStack, rule: dict[str, Any], said: str
) -> None:
    """The text says what to exclude."""
    ruled(github, HEADS, rule)
    texts = refused(github, write_stack, "branches: {dev: main}\ndelivery: pull_request\n")
    if not said:
        assert texts == []
        return
    (text,) = texts
    assert said in text
    assert f"(`{rule['type']}` of ruleset 'named'): exclude refs/heads/slipway/**/*" in text


def test_no_exclusion_helps_against_rules_for_every_push(
    github: Server, write_stack: WriteStack
) -> None:
    """The text names another way out; with it, files are committed again."""
    send(github, "PATCH", "", {"private": True})
    paths = {"restricted_file_paths": [".github/workflows/*"]}
    rules = [{"type": "file_path_restriction", "parameters": paths}]
    wanted = {"name": "files", "target": "push", "enforcement": "active", "rules": rules}
    made = send(github, "POST", "rulesets", wanted)
    texts = refused(github, write_stack, "branches: {dev: main}\n")
    (text,) = texts
    assert "rules refuse commits to 'slipway/main-" in text
    assert "take slipway's workflow files out of this rule for every push, or let" in text
    actor = {"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always"}
    send(github, "PUT", f"rulesets/{made['id']}", {"bypass_actors": [actor]})
    assert refused(github, write_stack) == []


def test_a_missing_branch_that_would_begin_with_the_files(
    github: Server, write_stack: WriteStack
) -> None:
    """Made from main, it would have a file that arrives by pull request: a person makes it."""
    body = {"message": "x", "content": base64.b64encode(b"name: x\n").decode()}
    send(github, "PUT", "contents/.github/workflows/python-dev.yml", body)
    ruled(github, DEVELOP, {"type": "pull_request"})
    (text,) = refused(github, write_stack)
    assert text.startswith(
        "'develop' is missing, its files arrive by pull request, and made from 'main' it has "
        "python-dev.yml already: create it from 'main'"
    )


@pytest.mark.parametrize(
    ("pattern", "more", "said"),
    [
        (
            "dev*",
            {"restricted": True, "block_creations": True},
            "'develop' is missing, and rules refuse to make it (`block_creations` of its branch",
        ),
        ("dev*", {"restricted": True, "block_creations": True, "enforce_admins": False}, ""),
        ("dev*", {"restricted": True}, ""),
        (
            "**/*",
            {"reviews": True},
            "the workflow files of 'main' arrive by pull request, and rules refuse commits to 'sl",
        ),
        ("*", {"contexts": ["ci"]}, ""),
        ("*", {"signatures": True, "enforce_admins": False}, ""),
    ],
)
def test_classic_protection_holds_for_branches_that_are_made(
    github: Server, write_stack: WriteStack, pattern: str, more: dict[str, Any], said: str
) -> None:
    """GitHub judges a new branch by the patterns; `*` does not match a branch with a slash."""
    body = {"pattern": pattern, "enforce_admins": True} | more
    control(github, "protection/acme/b", body, "PUT")
    texts = refused(github, write_stack)
    assert [text.startswith(said) for text in texts if "'develop' arrive" not in text] == (
        [True] if said else []
    )
    if pattern == "**/*":
        assert "give it a pattern that does not match slipway/**/*" in texts[-1]

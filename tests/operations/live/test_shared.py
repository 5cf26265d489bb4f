"""Several stacks of one command ask for users, teams and AWS accounts once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.model.repository import Repository
from components.model.stack import Stack, StackSettings
from operations.live import observer
from operations.live.answers import Once
from operations.live.observed import ObservedAccount
from operations.live.observer import Shared, observe
from sandbox.aws.seed import seed_account
from sandbox.aws.server import start_aws
from sandbox.github import Store
from sandbox.serving import Server
from tests.operations.aws_variables import use_aws
from tests.operations.live.observing import routes

pytestmark = pytest.mark.emulated

ID = "100000000002"
ROLE = f"arn:aws:iam::{ID}:role/slipway"
ACCOUNT = {"account_id": ID, "region": "eu-west-1", "assume_role": ROLE}
SETTINGS = StackSettings.model_validate(
    {"owner": "acme", "accounts": dict.fromkeys(("dev", "test", "prod"), ACCOUNT)}
)
#: A user and a team whom GitHub's `billing` does not have as reviewers, and one that it has.
REVIEWERS = {"users": ["boss"], "teams": ["other"]}


@pytest.fixture(scope="module")
def aws() -> Iterator[Server]:
    """An account with the role that slipway assumes."""
    server = start_aws()
    seed_account(server.url, ID, oidc_provider=True)
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _environment(aws: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    use_aws(monkeypatch, aws.url)
    requests.post(f"{aws.url}/_sandbox/requests/reset", timeout=30)


def stack(name: str) -> Stack:
    """A stack with the repository `billing`, whose prod should have other reviewers."""
    declared = {"repository": "billing", "environments": {"prod": {"reviewers": REVIEWERS}}}
    repository = Repository.model_validate(declared).read_from(name, "billing.yaml")
    return Stack(name=name, settings=SETTINGS, repositories=(repository,))


def accounts_asked(github: Store) -> dict[str, int]:
    """How often GitHub was asked for users, teams and organisations, not for repositories."""
    asked = routes(github).items()
    return {
        route: count
        for route, count in asked
        if route.startswith(("/users", "/orgs")) and "{repo}" not in route
    }


def calls(aws: Server) -> dict[str, int]:
    """How often each action of AWS was called."""
    told: Any = requests.get(f"{aws.url}/_sandbox/requests", timeout=30).json()
    return {row["action"]: row["count"] for row in told["actions"]}


def test_two_stacks_ask_for_users_teams_and_accounts_once(github: Store, aws: Server) -> None:
    """A second stack with the same owner and account asks for its repositories alone."""
    shared = Shared()
    first = observe(stack("one"), shared=shared)
    asked, called = accounts_asked(github), calls(aws)
    assert asked == {"/users/{username}": 1, "/orgs/{org}/teams/{team_slug}": 1}
    assert called["AssumeRole"] == 1
    second = observe(stack("two"), shared=shared)
    assert second == first
    assert (accounts_asked(github), calls(aws)) == (asked, called)
    observe(stack("three"))
    assert accounts_asked(github) == {route: 2 * count for route, count in asked.items()}
    assert calls(aws) == {action: 2 * count for action, count in called.items()}


def test_roles_that_may_not_be_listed_are_read_for_each_stack(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the right to list roles, an account tells each stack of that stack's roles alone."""
    read = []

    def by_name(_: object, wanted: list[str]) -> ObservedAccount:
        read.append(wanted)
        return ObservedAccount(ID, {}, "arn", frozenset(), complete=False)

    monkeypatch.setattr(observer, "read_account", by_name)
    shared, account = Shared(), SETTINGS.accounts.dev
    for wanted in (["a"], ["b"], ["b"]):
        shared.account(account, wanted)
    assert read == [["a"], ["b"]]


def test_threads_wait_for_the_one_that_asks() -> None:
    """A question of several threads is asked once, and each gets the answer."""
    once, begun, asked = Once(), threading.Barrier(4), []

    def ask() -> int:
        asked.append(1)
        return len(asked)

    def question(_: int) -> int:
        begun.wait()
        return once("a", ask)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(question, range(4))) == [1, 1, 1, 1]
    assert once("b", ask) == 2


def test_an_error_is_an_answer() -> None:
    """An account out of reach is not asked again for the next stack."""
    once, asked = Once(), []

    def ask() -> None:
        asked.append(1)
        raise ConfigurationError([Problem("AWS", 0, "", "no")], ExitCode.ERROR)

    for _ in range(2):
        with pytest.raises(ConfigurationError, match="no"):
            once("a", ask)
    assert len(asked) == 1

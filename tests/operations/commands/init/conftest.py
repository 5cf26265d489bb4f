"""A project's folder with a backend that keeps no state, and a GitHub in this process."""

import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from operations.cli import main
from operations.commands.init import proposal, pulumi_stack, questions
from operations.engine.errors import PulumiError
from sandbox.github import Server
from tests.operations.github_served import github_served

TOKEN = "token-of-an-owner"
#: The account of the user's credentials.
OWN = "444444444444"
WORLD: dict[str, Any] = {
    "users": [{"login": "boss", "plan": "pro"}, {"login": "octocat"}],
    "organizations": [{"login": "Acme", "plan": "team", "admins": ["boss"]}],
    "tokens": [{"token": TOKEN, "login": "boss"}],
}
#: The options with which a script creates a stack.
SCRIPT = (
    *("--owner", "Acme", "--account", "333333333333", "--region", "eu-west-1"),
    *("--assume-role", "slipway", "--yes"),
)


@dataclass
class Backend:
    """Stands in for pulumi: it has stacks, and a URL if the user is logged in or named one."""

    url: str | None = "file:///state"
    stacks: set[str] = field(default_factory=set)
    calls: list[tuple[str, ...]] = field(default_factory=list)
    broken: str = ""

    def pulumi(self, *arguments: str) -> str:
        """`pulumi stack init`."""
        self.calls.append(arguments)
        assert arguments[:2] == ("stack", "init")
        if self.broken:
            raise PulumiError(arguments, self.broken)
        if arguments[2] in self.stacks:
            said = f"error: stack 'organization/slipway/{arguments[2]}' already exists"
            raise PulumiError(arguments, said)
        self.stacks.add(arguments[2])
        return ""

    def pulumi_json(self, *arguments: str) -> Any:
        """`pulumi whoami`."""
        assert arguments == ("whoami", "--json")
        import os

        url = os.environ.get("PULUMI_BACKEND_URL") or self.url
        if url is None:
            said = "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI"
            raise PulumiError(arguments, said)
        if url.startswith("gs:"):
            raise PulumiError(arguments, "error: unable to open bucket")
        return {"user": "me", "url": url}


@pytest.fixture
def backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Backend:
    """The working directory is a project; pulumi is logged in, and a passphrase is set."""
    (tmp_path / "Pulumi.yaml").write_text("name: slipway\n", encoding="utf-8")
    (tmp_path / "stacks").mkdir()
    monkeypatch.chdir(tmp_path)
    found = Backend()
    monkeypatch.setattr(pulumi_stack, "pulumi_executable", lambda: "pulumi")
    monkeypatch.setattr(pulumi_stack, "pulumi", found.pulumi)
    monkeypatch.setattr(pulumi_stack, "pulumi_json", found.pulumi_json)
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "")
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE_FILE", raising=False)
    # Set first, so that monkeypatch also undoes a value that the command sets.
    monkeypatch.setenv("PULUMI_BACKEND_URL", "")
    monkeypatch.delenv("PULUMI_BACKEND_URL")
    return found


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Serve a GitHub with the organisation Acme; the environment points at it."""
    with github_served(monkeypatch, WORLD, TOKEN) as (_, server):
        yield server


@pytest.fixture
def providers(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the provider in each account, which the test fills in; other accounts have none."""
    found: dict[str, str] = {}

    def look(_stack: str, settings: Any) -> dict[str, str]:
        accounts = [account.account_id for _, account in settings.distinct_accounts()]
        return {one: found.get(one, "absent") for one in accounts}

    monkeypatch.setattr(proposal, "look_accounts", look)
    monkeypatch.setattr(questions, "own_account", lambda _region: OWN)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    return found


Typed = Callable[..., int]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Run `slipway init` at a terminal at which a person types these lines, then Ctrl-D."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def run(*arguments: str, lines: tuple[str, ...]) -> int:
        monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))
        return main(["init", *arguments])

    return run


def scripted(*arguments: str) -> int:
    """Run `slipway init` without a terminal, as pytest's own stdin is none."""
    return main(["init", *arguments])


def without(option: str) -> tuple[str, ...]:
    """Return the script's options except one."""
    place = SCRIPT.index(option)
    return SCRIPT[:place] + SCRIPT[place + (1 if option == "--yes" else 2) :]


def nothing_written(backend: Backend) -> bool:
    """Return whether there is neither a file nor a stack."""
    return list(Path("stacks").iterdir()) == [] and backend.calls == []

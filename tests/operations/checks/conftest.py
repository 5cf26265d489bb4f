"""A GitHub with one organisation, and the checks of a stack of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from components.config.problems import ConfigurationError
from components.config.stack_files import StackFiles
from operations.checks import stack
from operations.checks.check import Check, StackChecks
from operations.checks.stack import look
from operations.checks.workflows.requirements import Requirements
from operations.state.known_objects import Known
from sandbox.github import Server, Store
from sandbox.github.planting import plant
from sandbox.github.seed import Seed
from tests.operations.github_served import github_served

TOKEN = "boss"
FILES = {"README.md": "# x\n"}
WORLD: dict[str, Any] = {
    "users": [{"login": "boss"}, {"login": "octocat"}],
    "organizations": [
        {
            "login": "acme",
            "admins": ["boss"],
            "members": ["octocat"],
            "teams": [{"slug": "platform", "repositories": {"a": "pull"}}],
        }
    ],
    "repositories": [
        {"owner": "acme", "name": name, "files": FILES, "branches": ["develop"]} for name in "ab"
    ],
    "tokens": [{"token": TOKEN, "login": "boss", "scopes": ["repo", "workflow"]}],
}


@dataclass
class Looked:
    """A GitHub, and Pulumi's state as the test sets it."""

    store: Store
    server: Server
    state: Known | ConfigurationError | None = field(default_factory=Known)

    def seed(self, **more: Any) -> None:
        """Add to GitHub's objects."""
        plant(self.store, Seed.model_validate(more))

    def look(self, files: StackFiles) -> StackChecks:
        """Return the checks of a stack."""
        return look(files, Requirements())

    def github(self, files: StackFiles) -> dict[str, Check]:
        """Return the checks of GitHub by their names."""
        return {check.name: check for check in self.look(files).checks if check.of == "acme"}


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Looked]:
    """Serve GitHub with the test's state; no AWS account can be reached."""
    with github_served(monkeypatch, WORLD, TOKEN) as (store, server):
        found = Looked(store, server)
        monkeypatch.setattr(stack, "read_known", lambda _: found.state)
        monkeypatch.setattr(stack, "ask_account", lambda *_: ConfigurationError([]))
        yield found

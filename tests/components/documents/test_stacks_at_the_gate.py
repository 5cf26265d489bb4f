"""The sandbox's STS gives each job of the sample stacks its own role, and no other one."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from components.config.stack_files import StackFiles
from components.model.repository import Repository
from components.model.stack import Stack
from components.model.types import ENVIRONMENTS, EnvironmentName
from operations.terminal.output import PROJECT
from tests.components.documents.gate import Claims, Hub, clear, outcome, provision

pytestmark = pytest.mark.gate

#: Names whose subjects begin or end like that of a declared repository, and one of our own.
UNDECLARED = ("{}2", "x{}", "undeclared")


@pytest.fixture(params=["sandbox", "example"])
def stack(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """The declarations of a sample stack, and its accounts, which are empty."""
    monkeypatch.chdir(PROJECT)
    found = StackFiles(Path("stacks", request.param)).stack
    accounts = [found.settings.account(name).account_id for name in ENVIRONMENTS]
    clear(*accounts)
    yield found
    clear(*accounts)


def jobs(hub: Hub, environments: Sequence[EnvironmentName]) -> dict[str, Claims]:
    """The claims of each job that may deploy, by environment, event and ref."""
    return {
        f"{name} {claims['event_name']} {claims['ref']}": claims
        for name in environments
        for claims in hub.tokens(name)
    }


@pytest.mark.parametrize("immutable", [False, True], ids=["classic", "immutable"])
def test_every_job_gets_its_own_role_and_no_other(stack: Stack, *, immutable: bool) -> None:
    """The whole matrix: all jobs of all repositories, also of undeclared ones, and all roles."""
    settings, roles = stack.settings, {}
    tokens: dict[tuple[str, str], Claims] = {}
    for number, repository in enumerate(stack.repositories, 41):
        hub = Hub(repository, owner=settings.owner, number=number, immutable=immutable)
        for name in repository.environment_names:
            roles[repository.name, name] = provision(hub, name, settings=settings)
        for job, claims in jobs(hub, repository.environment_names).items():
            tokens[repository.name, job] = claims
    for number, form in enumerate(UNDECLARED, 91):
        undeclared = Repository(repository=form.format(stack.repositories[0].name))
        hub = Hub(undeclared, owner=settings.owner, number=number)
        for job, claims in jobs(hub, hub.repository.environment_names).items():
            tokens[undeclared.name, job] = claims
    opened = {
        (place, job)
        for job, claims in tokens.items()
        for place, role in roles.items()
        if outcome(role, claims) == "admitted"
    }
    own = {
        ((repository, job.partition(" ")[0]), (repository, job))
        for repository, job in tokens
        if (repository, job.partition(" ")[0]) in roles
    }
    assert len(roles) == 3 * len(stack.repositories)
    assert {place for place, _ in own} == roles.keys(), "each role is some job's"
    assert opened == own

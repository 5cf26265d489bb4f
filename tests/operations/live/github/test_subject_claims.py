"""Subject claims are customised only if the subject differs from the default."""

from collections.abc import Iterator
from typing import Any

import pytest

from operations.live.github.api import GitHub
from operations.live.github.repository import customised_claims
from sandbox.github import Server, Store, serve
from sandbox.github.faults import Fault, Kind
from sandbox.github.planting import plant
from sandbox.github.seed import Seed

TOKEN = "token-of-a-test"
WORLD: dict[str, Any] = {
    "users": [{"login": "boss"}],
    "organizations": [{"login": "acme", "admins": ["boss"]}],
    "tokens": [{"token": TOKEN, "login": "boss"}],
}
OWN = {"use_default": False, "include_claim_keys": ["repo", "job_workflow_ref"]}


@pytest.fixture
def store() -> Store:
    """An organisation and a user."""
    made = Store()
    plant(made, Seed.model_validate(WORLD))
    return made


@pytest.fixture
def github(store: Store) -> Iterator[Server]:
    """The same, served."""
    server = serve(store)
    yield server
    server.stop()


def claims(github: Server, answer: dict[str, Any], owner: str = "acme") -> tuple[str, ...]:
    """Return the claims that result from a repository's answer."""
    return customised_claims(GitHub(github.url, TOKEN), owner, answer)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"use_default": True},
        {"use_default": True, "include_claim_keys": ["repo", "ref"]},
        {"use_default": False, "include_claim_keys": ["repo", "context"]},
        {"use_default": False},
        {"use_default": False, "include_claim_keys": []},
    ],
)
def test_claims_that_give_the_default_are_no_customisation(
    github: Server, answer: dict[str, Any]
) -> None:
    """Claims that give the default subject are no customisation."""
    assert claims(github, answer) == ()


def test_a_repositorys_claims_win_over_the_organisations(github: Server, store: Store) -> None:
    """A repository's own claims win over the organisation's; without any it has the latter's."""
    acme = store.organization("acme")
    assert acme is not None
    acme.include_claim_keys = ("repo", "actor")
    assert claims(github, OWN) == ("repo", "job_workflow_ref")
    assert claims(github, {"use_default": False}) == ("repo", "actor")
    assert claims(github, {"use_default": True}) == ()


def test_a_user_has_no_template(github: Server) -> None:
    """A user has no claims that a repository could inherit."""
    assert claims(github, {"use_default": False}, owner="boss") == ()


@pytest.mark.parametrize("status", [403, 404])
def test_an_unreadable_template_is_not_the_default(
    github: Server, store: Store, status: int
) -> None:
    """An organisation's template that the token may not read does not count as the default."""
    store.faults.add(Fault(kind=Kind.STATUS, path="/orgs/acme/", status=status, count=None))
    (said,) = claims(github, {"use_default": False})
    assert "this token may not read" in said

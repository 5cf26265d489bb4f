from dataclasses import replace
from pathlib import Path

import pytest

from operations.live.observed import RepositoryDetails
from operations.live.observer import observe_repositories
from sandbox.github import Store
from sandbox.github.planting import plant
from sandbox.github.seed import Seed
from tests.operations.live.conftest import TOKEN
from tests.operations.live.observing import BILLING, INSIDE, billing, observe, routes

pytestmark = pytest.mark.usefixtures("github")


def test_nothing_is_written_and_few_requests_are_sent(github: Store) -> None:
    """Observing sends no writing request, and as few reading requests as possible.

    That is two for all repositories, then subject, environments and four lists for each. Each
    reviewing team takes one more for its access; every user may read a public repository.
    """
    observe("billing", "bare")
    report = github.log.report()
    assert report["writes"] == 0
    assert report["unserved"] == []
    place = "/repos/{owner}/{repo}"
    inside = INSIDE
    assert routes(github) == {
        "/graphql": 2,
        f"{place}/actions/oidc/customization/sub": 2,
        # Two pages of billing's, one page of the other's.
        f"{place}/environments": 3,
        "/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}": 1,
        f"{inside}/deployment-branch-policies": 1,
        # One request for each prefix of a pattern, `release/` and `v`.
        f"{place}/git/matching-refs/{{ref}}": 2,
        f"{inside}/deployment_protection_rules": 3,
        f"{inside}/secrets": 3,
        # Two pages of prod's.
        f"{inside}/variables": 4,
    }


def test_known_details_are_not_requested_again(github: Store) -> None:
    """Details that the program has just read are not requested again for a preview's look."""
    whole = billing()
    fields = RepositoryDetails.__dataclass_fields__
    details = RepositoryDetails(**{key: getattr(whole, key) for key in fields})
    without = {
        branch: {name: replace(file, text=None) for name, file in files.items()}
        for branch, files in whole.workflows.items()
    }
    given = replace(details, workflows=without)
    github.log.clear()
    (found,) = observe_repositories("acme", [replace(BILLING, details=given)]).values()
    assert found == whole
    asked = routes(github)
    assert asked["/graphql"] == 1, "the texts"
    assert not [route for route in asked if "oidc" in route or "branches/{branch}" in route]


def test_every_answer_is_requested_again(github: Store, tmp_path: Path) -> None:
    """A second look repeats each request conditionally; a 304 does not count in the rate limit."""
    first = observe("billing")
    asked = github.log.report()["total"]
    token = next(iter(github.tokens.values()))
    used = token.used["core"]
    assert observe("billing") == first
    assert github.log.report()["total"] == 2 * asked
    assert token.used["core"] == used
    # Lock files beside them are empty.
    kept = [
        path for path in (tmp_path / "cache").rglob("*") if path.is_file() and path.stat().st_size
    ]
    assert kept
    assert {path.stat().st_mode & 0o077 for path in kept} == {0}
    assert (tmp_path / "cache/slipway/answers").stat().st_mode & 0o077 == 0
    assert not any(TOKEN.encode() in path.read_bytes() for path in kept)


def test_an_answer_is_kept_for_its_token_alone(
    github: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer to one token is not used for conditional requests of another token."""
    observe("bare")
    plant(github, Seed.model_validate({"tokens": [{"token": "another", "login": "boss"}]}))
    monkeypatch.setenv("GITHUB_TOKEN", "another")
    observe("bare")
    assert github.tokens["another"].used["core"] == github.tokens[TOKEN].used["core"] > 0


def test_a_change_is_seen_at_once(github: Store) -> None:
    """A change is seen at once: each look revalidates answers, which are valid for a minute."""
    assert billing().environments["prod"].wait_minutes == 10
    repository = github.repository("acme", "billing")
    assert repository is not None
    repository.environments["prod"].protection.wait_timer = 0
    assert billing().environments["prod"].wait_minutes == 0


def test_without_a_cache_nothing_is_kept(tmp_path: Path) -> None:
    """With `--no-cache` no file is written."""
    observe("billing", cache=False)
    assert not (tmp_path / "cache").exists()

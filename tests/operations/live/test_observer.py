from collections import Counter
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.model.repository import Repository
from operations.live import observer
from operations.live.github import repository as reading
from operations.live.github.api import GitHub
from operations.live.github.graphql import Question
from operations.live.observed import ObservedAccount, ObservedRepository, RepositoryDetails
from operations.live.observer import observe_repositories
from sandbox.github import Store
from sandbox.github.faults import Fault, Kind
from sandbox.github.planting import plant
from sandbox.github.protection import BranchProtection
from sandbox.github.seed import Seed
from tests.operations.live.conftest import OTHER, TOKEN

pytestmark = pytest.mark.usefixtures("github")
INSIDE = "/repos/{owner}/{repo}/environments/{environment_name}"
BILLING = Question("billing", ("develop", "main"))


def observe(*names: str, **options: Any) -> dict[str, ObservedRepository | None]:
    """Observe repositories with the usual branches."""
    questions = [Question(name, ("develop", "main")) for name in names]
    return observe_repositories("acme", questions, **options)


def billing() -> ObservedRepository:
    """Observe billing."""
    found = observe("billing")["billing"]
    assert found is not None
    return found


def test_an_environment_is_read_with_everything_in_it() -> None:
    """An environment is read with all pages of variables, and without values of secrets."""
    prod = billing().environments["prod"]
    assert prod.name == "Prod"
    assert (set(prod.users), set(prod.teams)) == ({"octocat"}, {"platform"})
    assert (prod.wait_minutes, prod.prevent_self_review, prod.admin_bypass) == (10, True, False)
    assert prod.branch_policy == "custom"
    assert (set(prod.branches), set(prod.tags)) == ({"main", "release/*"}, {"v*"})
    assert prod.variables == {f"V{number}": str(number) for number in range(35)}
    assert prod.secrets.keys() == {"TOKEN"}
    assert abs(datetime.now(UTC) - prod.secrets["TOKEN"]).total_seconds() < 60


def test_custom_deployment_protection_rules_are_read(
    github: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An enabled App is seen by its slug; where the plan has no such rules, GitHub is not asked."""
    plant(
        github, Seed.model_validate({"apps": [{"slug": "change-gate", "installed_on": ["acme"]}]})
    )
    repository = github.repository("acme", "billing")
    assert repository is not None
    prod = repository.environments["prod"]
    assert billing().environments["prod"].custom_rules == frozenset()
    prod.custom_rules[7] = github.apps["change-gate"]
    assert billing().environments["prod"].custom_rules == {"change-gate"}
    repository.private = True
    asked = {}
    for plan in ("enterprise", "team"):
        github.log.clear()
        monkeypatch.setattr(reading, "read_plan", lambda *_, plan=plan: plan)
        assert billing().plan == plan
        asked[plan] = routes(github)[f"{INSIDE}/deployment_protection_rules"]
    assert asked == {"enterprise": 3, "team": 0}


def test_the_three_kinds_of_branch_policy() -> None:
    """The branch policy is read as patterns, protected branches or any branch."""
    found = billing().environments
    kinds = {name: environment.branch_policy for name, environment in found.items()}
    assert kinds == {"prod": "custom", "dev": "protected", "test": "any"}


def test_undeclared_environments_are_read_as_names() -> None:
    """Undeclared environments are read on all pages, but only their names."""
    found = billing()
    assert set(found.other_environments) == {f"review-{number}" for number in range(120)}
    assert found.environments.keys() == {"prod", "dev", "test"}


def test_workflow_files_are_read_by_branch() -> None:
    """The observer reads only YAML files, with blob id and text, for each branch."""
    found = billing().workflows
    assert {branch: set(files) for branch, files in found.items()} == {
        "main": {"other.yml"},
        "develop": {"other.yml", "second.yaml"},
    }
    assert found["main"]["other.yml"].text == OTHER


def test_no_tag_hides_a_branch(github: Store) -> None:
    """A tag with a branch's name does not hide the branch's commit."""
    store = github
    repository = store.repository("acme", "billing")
    assert repository is not None
    git = repository.git
    git.set_ref("refs/tags/develop", git.branches()["main"])
    assert set(billing().workflows["develop"]) == {"other.yml", "second.yaml"}


def test_a_known_text_is_not_requested(github: Store) -> None:
    """The text of a file with a known blob id is not requested."""
    blob = billing().workflows["main"]["other.yml"].blob
    github.log.clear()
    question = Question("billing", ("develop", "main"), known={blob})
    found = observe_repositories("acme", [question])["billing"]
    assert found is not None
    assert found.workflows["main"]["other.yml"].text is None
    assert found.workflows["develop"]["second.yaml"].text == "name: second\n"


def test_missing_objects_are_distinct_results() -> None:
    """A missing repository, branch, folder and commit are distinct results."""
    found = observe("nothing", "bare", "empty")
    assert found["nothing"] is None
    bare, empty = found["bare"], found["empty"]
    assert bare is not None
    assert empty is not None
    assert bare.workflows == {"main": {}}
    assert empty.workflows == {}
    assert bare.environments == {}
    assert bare.public


def test_protection_of_the_branches_to_prod_is_read(github: Store) -> None:
    """Protection is read, if asked for, of those existing branches that lead to prod."""
    found = github.repository("acme", "billing")
    assert found is not None
    found.protection["main"] = BranchProtection(enforce_admins=True, approvals=1)
    branches = {"test": "gone", "prod": "gone"}
    repository = Repository.model_validate({"repository": "billing", "branches": branches})
    question = replace(BILLING, prod_branches=repository.prod_branches)
    seen = observe_repositories("acme", [question])["billing"]
    assert seen is not None
    assert seen.protection == {"main": {"protected"}}
    assert billing().protection == {}


def test_archived_and_customised_repositories_are_observed() -> None:
    """Archived repositories and customised subject claims are observed."""
    found = observe("customised")["customised"]
    assert found is not None
    assert found.archived
    assert found.subject_claims == ("repo", "actor")


def test_a_renamed_repository_has_its_new_name(github: Store) -> None:
    """A renamed repository is read by its former name, and has its new name and subject."""
    store = github
    repository = store.repository("acme", "billing")
    assert repository is not None
    store.move_repository(repository, repository.owner, "invoices")
    found = billing()
    assert found.full_name == "acme/invoices"
    assert found.subject_prefix == f"repo:acme@{repository.owner.id}/invoices@{repository.id}"
    assert found.environments.keys() == {"prod", "dev", "test"}


def routes(server: Store) -> Counter[str]:
    """Return how often each route was requested."""
    return Counter({line["route"]: line["count"] for line in server.log.report()["routes"]})


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


def test_progress_is_reported() -> None:
    """Progress is reported for each existing repository."""
    told: list[tuple[int, int]] = []
    observe("billing", "bare", "nothing", progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_a_single_server_error_is_retried(github: Store) -> None:
    """A single 502 is retried, by REST and by GraphQL."""
    for path in ("^/graphql$", "/environments$"):
        github.faults.add(Fault(kind=Kind.STATUS, path=path, status=502))
    assert billing().environments.keys() == {"prod", "dev", "test"}
    assert all(fault.struck for fault in github.faults.all())


def test_a_lasting_refusal_is_an_error(github: Store) -> None:
    """A lasting refusal is an error, so a report never lacks something silently."""
    github.faults.add(Fault(kind=Kind.STATUS, path="/secrets", status=403, count=None))
    with pytest.raises(ConfigurationError, match="secrets"):
        observe("billing")


@pytest.mark.parametrize("path", ["/environments$", "/Prod/secrets", "/Prod/variables"])
def test_a_hidden_list_is_not_empty(github: Store, path: str) -> None:
    """A 404 for a list is an error, not an empty list: GitHub hides lists with it."""
    github.faults.add(Fault(kind=Kind.STATUS, path=path, status=404))
    with pytest.raises(ConfigurationError, match="does not show"):
        observe("billing")


def test_a_hidden_later_page_is_an_error(github: Store) -> None:
    """A 404 for a later page is an error, since half a list would report the rest as missing."""
    github.faults.add(Fault(kind=Kind.STATUS, path="/Prod/variables", status=404, skip=1))
    with pytest.raises(ConfigurationError, match="does not show"):
        observe("billing")


def test_the_client_changes_nothing() -> None:
    """The client can send only GET requests and GraphQL queries."""
    client = GitHub()
    with pytest.raises(ValueError, match="queries only"):
        client.query("mutation { x }")
    assert not [name for name in dir(client) if name in {"post", "put", "patch", "delete"}]


def _failed(code: ExitCode) -> Future[ObservedAccount]:
    future: Future[ObservedAccount] = Future()
    future.set_exception(ConfigurationError([Problem("AWS", 0, "", "no entry")], code))
    return future


def test_an_account_out_of_reach_hides_no_other() -> None:
    """If the caller accepts partial results, an unreachable account is reported with the others."""
    there = ObservedAccount("1", {}, "arn", None)
    read: Future[ObservedAccount] = Future()
    read.set_result(there)
    reading = {"1": read, "2": _failed(ExitCode.ERROR)}
    partly, anything = observer.Partly((ExitCode.ERROR,)), observer.Partly(tuple(ExitCode))
    assert observer._accounts(reading, partly) == ({"1": there}, {"2": "no entry"})
    refused = {"1": read, "2": _failed(ExitCode.AUTHENTICATION)}
    assert observer._accounts(refused, anything) == ({"1": there}, {"2": "no entry"})
    for futures, enough in ((reading, observer.ALL), (refused, partly)):
        with pytest.raises(ConfigurationError, match="no entry"):
            observer._accounts(futures, enough)


def test_an_account_that_does_not_answer_hides_no_other() -> None:
    """An account that does not answer in time is reported, and the others are read."""
    there = ObservedAccount("1", {}, "arn", None)
    read: Future[ObservedAccount] = Future()
    read.set_result(there)
    found = observer._accounts({"1": Future(), "2": read}, observer.Partly(seconds=1))
    assert found == ({"2": there}, {"1": "it did not answer in time"})

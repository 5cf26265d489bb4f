from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.model.repository import Repository
from operations.live import observer
from operations.live.github import repository as reading
from operations.live.github.api import GitHub
from operations.live.github.graphql import Question
from operations.live.observed import ObservedAccount
from operations.live.observer import observe_repositories
from sandbox.github import Store
from sandbox.github.faults import Fault, Kind
from sandbox.github.planting import plant
from sandbox.github.rules.protection import BranchProtection
from sandbox.github.seed import Seed
from tests.operations.live.conftest import OTHER
from tests.operations.live.observing import BILLING, INSIDE, billing, observe, routes

pytestmark = pytest.mark.usefixtures("github")


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
    """An enabled App is read by its slug; GitHub is not asked if the plan has no such rules."""
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
    found.protection["main"] = BranchProtection(enforce_admins=True)
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

"""The observer reads branches and tags that an environment's patterns admit, and no others."""

import pytest

from operations.live.github import admitted
from operations.live.github.graphql import Question
from operations.live.observed import ObservedRepository
from operations.live.observer import observe_repositories
from sandbox.github import Store
from sandbox.github.creation import signature
from sandbox.github.repositories import Repository
from tests.operations.live.conftest import OTHER

FOLDER = ".github/workflows"
TEXT = "name: nightly\non: push\n"


@pytest.fixture
def billing(github: Store) -> Repository:
    """A repository whose prod admits main, `release/*` and tags `v*`."""
    found = github.repository("acme", "billing")
    assert found is not None
    return found


def commit(repository: Repository, branch: str, file: str, text: str) -> None:
    """Put a workflow file on a branch, which starts at main."""
    git, who = repository.git, signature(repository.owner)
    main = git.ref("refs/heads/main")
    assert main is not None
    git.set_ref(f"refs/heads/{branch}", main)
    git.commit_files(branch, {f"{FOLDER}/{file}": text.encode()}, "x", who, who)


def tag(repository: Repository, name: str, branch: str) -> None:
    """Create a tag at a branch."""
    sha = repository.git.ref(f"refs/heads/{branch}")
    assert sha is not None
    repository.git.set_ref(f"refs/tags/{name}", sha)


def look(known: frozenset[str] = frozenset()) -> ObservedRepository:
    """Look at billing."""
    question = Question("billing", ("develop", "main"), known)
    found = observe_repositories("acme", [question], cache=False)["billing"]
    assert found is not None
    return found


def test_admitted_branches_and_tags_are_read(billing: Repository) -> None:
    """Admitted branches and tags are read with their files, except those that were read already."""
    commit(billing, "release/1", "nightly.yml", TEXT)
    commit(billing, "release/2/fix", "nightly.yml", TEXT)
    commit(billing, "other", "nightly.yml", TEXT)
    tag(billing, "v1", "release/1")
    tag(billing, "x1", "release/1")
    found = look()
    assert found.admitted.keys() == {"refs/heads/release/1", "refs/tags/v1"}
    files = found.admitted["refs/heads/release/1"]
    assert {file: one.text for file, one in files.items()} == {
        "nightly.yml": TEXT,
        "other.yml": OTHER,
    }
    assert found.unread_refs == 0


def test_a_pattern_without_wildcards_admits_its_branch(billing: Repository) -> None:
    """A pattern without wildcards admits the branch of this name."""
    commit(billing, "a%b#c", "nightly.yml", TEXT)
    (policy,) = [
        one for one in billing.environments["prod"].policies.values() if one.name == "release/*"
    ]
    policy.name = "a%b#c"
    assert look().admitted.keys() == {"refs/heads/a%b#c"}


def test_a_known_text_is_not_requested(billing: Repository) -> None:
    """The text of a file with a known blob id is not requested."""
    commit(billing, "release/1", "nightly.yml", TEXT)
    blob = look().admitted["refs/heads/release/1"]["nightly.yml"].blob
    known = look(frozenset({blob})).admitted["refs/heads/release/1"]
    assert known["nightly.yml"].text is None
    assert known["nightly.yml"].blob == blob


def test_branches_beyond_the_limit_are_counted(
    billing: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Branches beyond the limit are counted; folders are requested in batches."""
    monkeypatch.setattr(admitted, "MOST", 3)
    monkeypatch.setattr(admitted, "_FOLDERS", 2)
    for number in range(5):
        commit(billing, f"release/{number}", "nightly.yml", TEXT)
    found = look()
    assert len(found.admitted) == 3
    assert all("nightly.yml" in files for files in found.admitted.values())
    assert found.unread_refs == 2


def test_without_patterns_no_refs_are_requested(github: Store, billing: Repository) -> None:
    """Without patterns no refs are requested: the policy `any` itself is the finding."""
    billing.environments["prod"].protection.custom_branch_policies = None
    commit(billing, "release/1", "nightly.yml", TEXT)
    github.log.clear()
    assert look().admitted == {}
    assert not [row for row in github.log.report()["routes"] if "matching" in row["route"]]
